using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Leanserve.Api.Schema;

namespace Leanserve.Generator.Schema;

/// <summary>Turns the DataAnnotations of a property into the bounds of its schema.</summary>
public static class SchemaBounds
{
    /// <summary>Adds the bounds that <paramref name="property"/> states for its own value.</summary>
    public static void Add(JsonObject schema, PropertyInfo property)
    {
        var isContainer = (string?)schema["type"] is "object" or "array";
        AddRange(schema, property);
        AddSize(schema, property);
        if (!isContainer)
        {
            AddText(schema, property);
        }

        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)))]);
        }
    }

    /// <summary>Adds the bounds that a list or dictionary of strings states for each of its values.</summary>
    public static void AddForItems(JsonObject schema, PropertyInfo container) => AddText(schema, container);

    private static void AddRange(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["maximum"] = Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture);
            schema["minimum"] = Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture);
        }
    }

    private static void AddSize(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<MaxLengthAttribute>() is { } most)
        {
            schema[(string?)schema["type"] == "array" ? "maxItems" : "maxProperties"] = most.Length;
        }
    }

    private static void AddText(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<StringLengthAttribute>() is { } length)
        {
            schema["maxLength"] = length.MaximumLength;
            if (length.MinimumLength > 0)
            {
                schema["minLength"] = length.MinimumLength;
            }
        }

        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } expression)
        {
            schema["pattern"] = expression.Pattern;
        }

        if (property.IsDefined(typeof(DecimalStringAttribute)))
        {
            schema["maxLength"] = DecimalStringAttribute.MaxLength;
            schema["pattern"] = DecimalStringAttribute.Pattern;
        }
    }
}
