namespace Leanserve.Api.Schema;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="name">The heading.</param>
/// <param name="type">An OpenAPI type: string, integer, number, boolean or date.</param>
/// <param name="jsonPath">Where the value stands in the resource.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    public string Type { get; } = type;

    public string JsonPath { get; } = jsonPath;

    /// <summary>0 is always shown; higher only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }

    /// <summary>Columns stand in this order.</summary>
    public int Order { get; init; }
}
