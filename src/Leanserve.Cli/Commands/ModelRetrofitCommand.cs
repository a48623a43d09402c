using System.CommandLine;
using Leanserve.Onnx;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve model retrofit</c>: the graph edit that the runtime does at load, once and to disk.</summary>
public static class ModelRetrofitCommand
{
    private static readonly Argument<DirectoryInfo> Folder = new("DIR") { Description = "A model folder as ONNX model builders write it." };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder to write; must not be DIR.", Required = true };

    public static Command Create()
    {
        var command = new Command("retrofit", "Rewire a decoder's attention for the prefix tree, without retraining.") { Folder, Out };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            var folder = ModelFolder.Open(arguments.GetValue(Folder)!.FullName);
            string destination = arguments.GetValue(Out)!.FullName;
            folder.WriteRetrofitted(destination);
            Console.Out.WriteLine($"{destination}: {folder.Geometry.Layers} layers take the prefix tree's inputs");
            return 0;
        }
        catch (Exception exception) when (exception is ModelLoadException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"leanserve model retrofit: {exception.Message}");
            return 2;
        }
    }
}
