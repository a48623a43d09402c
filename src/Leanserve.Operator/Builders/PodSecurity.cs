using k8s.Models;

namespace Leanserve.Operator.Builders;

/// <summary>The <c>restricted</c> Pod Security Standard, for every pod that we make.</summary>
public static class PodSecurity
{
    /// <summary>An unprivileged user that no image needs to know.</summary>
    public const long UserId = 65532;

    public static V1PodSecurityContext Pod() => new()
    {
        RunAsNonRoot = true,
        RunAsUser = UserId,
        RunAsGroup = UserId,
        FsGroup = UserId,
        SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
    };

    public static V1SecurityContext Container() => new()
    {
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
    };
}
