using System.Text.Json;
using System.Text.Json.Serialization;

namespace Leanserve.Api.Schema;

/// <summary>Reads a JSON integer or string as a string, as Kubernetes does for quantities: <c>memory: 8</c> and <c>memory: "8"</c> are one.</summary>
public sealed class IntOrStringConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? reader.GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture)
            : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
