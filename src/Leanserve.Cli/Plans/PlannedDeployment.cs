using Leanserve.Planner;
using Leanserve.Translation.Planning;

namespace Leanserve.Cli.Plans;

/// <summary>One deployment of a file with its plan.</summary>
/// <param name="Name">The resource's name.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Contradictions">Stated values that measurements contradict.</param>
/// <param name="Notes">What the plan had to assume.</param>
internal sealed record PlannedDeployment(string Name, DeploymentPlan Plan, IReadOnlyList<Contradiction> Contradictions, IReadOnlyList<string> Notes);
