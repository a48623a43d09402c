namespace Leanserve.Controllers.Sdk;

/// <summary>The severity of a Kubernetes event.</summary>
public enum EventType
{
    /// <summary>Something went as it should.</summary>
    Normal,

    /// <summary>Something needs a person's attention.</summary>
    Warning,
}
