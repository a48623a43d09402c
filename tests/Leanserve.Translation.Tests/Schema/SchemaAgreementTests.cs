using System.Reflection;
using System.Text.Json.Nodes;
using k8s;
using Leanserve.Api;
using Leanserve.Generator.Schema;
using Leanserve.Translation.Reading;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Tests.Schema;

/// <summary>The C# types, the schema and the samples say the same.</summary>
public sealed class SchemaAgreementTests
{
    public static TheoryData<string> Samples => [.. Repository.Samples.Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Sample_IsValidAndSurvivesARoundTrip(string name)
    {
        var file = DeploymentReader.Read(Repository.Read($"config/samples/{name}"), name);

        Assert.Empty(file.Violations);
        var deployment = Assert.Single(file.Deployments).Deployment;
        var json = KubernetesJson.Serialize(deployment);
        Assert.Empty(SchemaValidator.Validate(JsonNode.Parse(json), DeploymentSchema.Root).Violations);
        Assert.Equal(json, KubernetesJson.Serialize(KubernetesJson.Deserialize<LlmDeployment>(json)));
    }

    [Fact]
    public void EmbeddedSchema_IsTheGeneratedOne() =>
        Assert.True(JsonNode.DeepEquals(CustomResourceDefinition.Schema(CustomResourceDefinition.Build()), DeploymentSchema.Root));

    [Fact]
    public void Deserialize_AnObjectWithEveryFieldOfTheSchema_LosesNone()
    {
        var every = SchemaInstance.Of(DeploymentSchema.Root);
        Assert.Empty(SchemaValidator.Validate(every, DeploymentSchema.Root).Violations);

        var typed = KubernetesJson.Deserialize<LlmDeployment>(every.ToJsonString());

        var written = KubernetesJson.Serialize(typed);
        Assert.True(JsonNode.DeepEquals(every, JsonNode.Parse(written)), $"{every.ToJsonString()}\nbecame\n{written}");
    }

    [Fact]
    public void SpecProperty_IsRequired_ExactlyWhenItCannotBeNull()
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in SpecTypes(typeof(LlmDeploymentSpec)).SelectMany(SchemaBuilder.Members))
        {
            var optional = nullability.Create(property).ReadState == NullabilityState.Nullable;
            var required = property.IsDefined(typeof(System.ComponentModel.DataAnnotations.RequiredAttribute));
            Assert.True(optional != required, $"{property.DeclaringType!.Name}.{property.Name}: optional {optional}, required {required}");
        }
    }

    [Fact]
    public void SpecField_EveryOne_IsBoundedAndDescribed() => CheckBounds(DeploymentSchema.Root["properties"]!["spec"]!.AsObject(), "spec");

    [Fact]
    public void DefaultOfAField_EveryOne_StandsOnAnOptionalField() => CheckDefaults(DeploymentSchema.Root, "");

    private static void CheckBounds(JsonObject schema, string path)
    {
        if (!path.EndsWith(']'))
        {
            Assert.True(schema["description"] is not null, $"{path} has no description");
        }

        switch ((string?)schema["type"])
        {
            case "integer":
                Assert.True((schema["minimum"] is not null && schema["maximum"] is not null) || schema["enum"] is not null, $"{path} is unbounded");
                break;
            case "string":
                Assert.True(schema["maxLength"] is not null || schema["enum"] is not null, $"{path} is unbounded");
                break;
            case "array":
                Assert.True(schema["maxItems"] is not null && schema["x-kubernetes-list-type"] is not null, $"{path} is unbounded");
                CheckBounds(schema["items"]!.AsObject(), $"{path}[]");
                break;
            case "object" when schema["additionalProperties"] is JsonObject item:
                Assert.True(schema["maxProperties"] is not null, $"{path} is unbounded");
                CheckBounds(item, $"{path}[]");
                break;
        }

        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            CheckBounds(member!.AsObject(), $"{path}.{name}");
        }
    }

    private static void CheckDefaults(JsonObject schema, string path)
    {
        var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            Assert.False(required.Contains(name) && member!["default"] is not null, $"{path}.{name} is required and has a default");
            if (member!["default"] is { } value)
            {
                Assert.Empty(SchemaValidator.Validate(value.DeepClone(), member.AsObject()).Violations);
            }

            CheckDefaults(member.AsObject(), $"{path}.{name}");
        }
    }

    private static HashSet<Type> SpecTypes(Type root)
    {
        var found = new HashSet<Type> { root };
        var waiting = new Queue<Type>(found);
        while (waiting.TryDequeue(out var type))
        {
            foreach (var part in type.GetProperties().SelectMany(property => property.PropertyType.GetGenericArguments().Append(property.PropertyType)))
            {
                if (part.IsClass && part.Namespace == typeof(LlmDeploymentSpec).Namespace && found.Add(part))
                {
                    waiting.Enqueue(part);
                }
            }
        }

        return found;
    }
}
