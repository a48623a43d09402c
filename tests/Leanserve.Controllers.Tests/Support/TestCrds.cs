using k8s;
using k8s.Models;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>CRDs of the test kinds; fields that the types lack are kept by the API server.</summary>
public static class TestCrds
{
    public static async Task InstallAsync<TEntity>(IKubernetes client, CancellationToken cancellationToken)
    {
        var kind = EntityKind.Of<TEntity>();
        var free = new V1JSONSchemaProps { Type = "object", XKubernetesPreserveUnknownFields = true };
        await client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(
            new V1CustomResourceDefinition
            {
                Metadata = new V1ObjectMeta { Name = $"{kind.Plural}.{kind.Group}" },
                Spec = new V1CustomResourceDefinitionSpec
                {
                    Group = kind.Group,
                    Scope = "Namespaced",
                    Names = new V1CustomResourceDefinitionNames { Kind = kind.Kind, Plural = kind.Plural },
                    Versions =
                    [
                        new V1CustomResourceDefinitionVersion
                        {
                            Name = kind.Version,
                            Served = true,
                            Storage = true,
                            Subresources = new V1CustomResourceSubresources { Status = new object() },
                            Schema = new V1CustomResourceValidation
                            {
                                OpenAPIV3Schema = new V1JSONSchemaProps
                                {
                                    Type = "object",
                                    Properties = new Dictionary<string, V1JSONSchemaProps> { ["spec"] = free, ["status"] = free },
                                },
                            },
                        },
                    ],
                },
            },
            cancellationToken: cancellationToken);
    }
}
