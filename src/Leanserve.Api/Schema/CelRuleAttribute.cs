namespace Leanserve.Api.Schema;

/// <summary>A cross-field rule in the Common Expression Language, checked by API servers from 1.25 on (<c>x-kubernetes-validations</c>).</summary>
/// <param name="rule">The expression over <c>self</c>.</param>
/// <param name="message">The sentence that a user sees when it is broken.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelRuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;
}
