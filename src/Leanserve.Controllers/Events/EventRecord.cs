using k8s.Models;
using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers;

/// <summary>An event as published, before it is aggregated.</summary>
/// <param name="Regarding">What it is about.</param>
/// <param name="Reason">CamelCase reason.</param>
/// <param name="Message">For a person.</param>
/// <param name="Type">Severity.</param>
/// <param name="At">When it was published.</param>
internal sealed record EventRecord(V1ObjectReference Regarding, string Reason, string Message, EventType Type, DateTimeOffset At);
