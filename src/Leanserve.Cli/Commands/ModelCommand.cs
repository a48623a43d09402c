using System.CommandLine;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve model</c>: writes, inspects and edits model folders.</summary>
public static class ModelCommand
{
    public static Command Create() => new("model", "Write, inspect and edit ONNX models.")
    {
        ModelMakeCommand.Create(),
        ModelInspectCommand.Create(),
        ModelRetrofitCommand.Create(),
    };
}
