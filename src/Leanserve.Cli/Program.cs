using System.CommandLine;
using Leanserve.Cli.Commands;

var root = new RootCommand("Leanserve: plan, try out and measure LLM deployments.")
{
    PlanCommand.Create(),
    PredictCommand.Create(),
    ModelCommand.Create(),
    BenchCommand.Create(),
    EvalCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
