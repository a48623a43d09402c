namespace Leanserve.Api.Schema;

/// <summary>A list whose items are told apart by one key (<c>x-kubernetes-list-type: map</c>).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(string key) : Attribute
{
    /// <summary>The JSON name of the key property.</summary>
    public string Key { get; } = key;
}
