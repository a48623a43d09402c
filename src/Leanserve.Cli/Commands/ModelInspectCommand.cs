using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Leanserve.Contracts;
using Leanserve.Onnx;
using Spectre.Console;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve model inspect</c>: what a model folder holds and what the runtime can do with it.</summary>
public static class ModelInspectCommand
{
    private static readonly Argument<DirectoryInfo> Folder = new("DIR") { Description = "The model folder." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table or json.", DefaultValueFactory = _ => "table" };

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("inspect", "Print a model's geometry, precision, context and memory.") { Folder, Output };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            var folder = ModelFolder.Open(arguments.GetValue(Folder)!.FullName);
            if (arguments.GetValue(Output) == "json")
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(Describe(folder), Json));
            }
            else
            {
                AnsiConsole.Write(Table(folder));
            }

            return 0;
        }
        catch (ModelLoadException exception)
        {
            Console.Error.WriteLine($"leanserve model inspect: {exception.Message}");
            return 2;
        }
    }

    private static object Describe(ModelFolder folder) => new
    {
        folder.Directory,
        folder.Geometry,
        folder.Precision,
        folder.WeightsBytes,
        KvCacheBytesPerToken = KvCacheMemory.BytesPerToken(folder.Geometry, folder.KeyValueElementBytes),
        TokenizerTokens = folder.Tokenizer.VocabularySize,
        folder.Tokenizer.BeginToken,
        folder.Tokenizer.EndTokens,
        HasChatTemplate = folder.ChatTemplate is not null,
        folder.Interface,
    };

    private static Table Table(ModelFolder folder)
    {
        var g = folder.Geometry;
        long perToken = KvCacheMemory.BytesPerToken(g, folder.KeyValueElementBytes);
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns(string.Empty, string.Empty);
        table.AddRow("weights", $"{g.Parameters:N0} · {folder.Precision} · {folder.WeightsBytes / 1e6:N1} MB");
        table.AddRow("layers", $"{g.Layers} of width {g.HiddenSize}, feed-forward {g.IntermediateSize}");
        table.AddRow("attention", $"{g.AttentionHeads} heads over {g.KeyValueHeads} key-value heads of {g.HeadSize}");
        table.AddRow("vocabulary", $"{g.VocabularySize:N0} ({folder.Tokenizer.VocabularySize:N0} in the tokenizer)");
        table.AddRow("context", $"{g.MaxContextTokens:N0} tokens");
        table.AddRow("KV cache", $"{perToken:N0} bytes a token · {perToken * (double)g.MaxContextTokens / 1e6:N1} MB for one full context");
        table.AddRow("chat template", folder.ChatTemplate is null ? "none" : "yes");
        table.AddRow("interface", folder.Interface switch
        {
            DecoderInterface.Tree => "prefix tree, as it is",
            _ => "as model builders write it; edited for the prefix tree at load (or once, by leanserve model retrofit)",
        });
        return table;
    }
}
