using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Engine.Knowledge;
using Leanserve.Onnx;
using Leanserve.Server.Prompts;

namespace Leanserve.Server.Commands;

/// <summary><c>leanserve-server inspect --model DIR --knowledge name=DIR …</c>: measures what the operator cannot mount itself.</summary>
internal static class InspectCommand
{
    private const int MaxErrorLength = 1024;

    private static readonly JsonSerializerOptions OneLine = new(RuntimeConfig.Json)
    {
        WriteIndented = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Folder with the ONNX model, config.json and tokenizer.json.", Required = true };
        var knowledge = new Option<string[]>("--knowledge") { Description = "A knowledge source as NAME=FOLDER; may be given several times." };
        var embedding = new Option<string?>("--embedding-model") { Description = "Folder with an ONNX encoder, config.json and tokenizer.json." };
        var terminationLog = ServeCommand.TerminationLogOption();
        var command = new Command("inspect", "Prints one line of JSON: geometry, precision, tokens and content hash of each source; exit status 1 with an error in it.")
        {
            model, knowledge, embedding, terminationLog,
        };
        command.SetAction(result => Run(
            result.GetValue(model)!, result.GetValue(knowledge) ?? [], result.GetValue(embedding), new TerminationLog(result.GetValue(terminationLog)!)));
        return command;
    }

    private static int Run(string model, IReadOnlyList<string> knowledge, string? embedding, TerminationLog terminationLog)
    {
        var report = Inspect(model, knowledge, embedding);
        var line = JsonSerializer.Serialize(report, OneLine);
        Console.Out.WriteLine(line);
        terminationLog.Write(line);
        return report.Error is null ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static InspectionReport Inspect(string model, IReadOnlyList<string> knowledge, string? embedding)
    {
        var report = new InspectionReport();
        try
        {
            var folder = ModelFolder.Open(model);
            report = report with { Geometry = folder.Geometry, Precision = folder.Precision, WeightsBytes = folder.WeightsBytes };
            report = report with { EmbeddingModel = embedding is null ? null : Measure(EmbeddingFolder.Open(embedding)) };
            return report with { Knowledge = [.. knowledge.Select(source => Measure(source, folder.Tokenizer))] };
        }
        catch (Exception exception) when (exception is ModelLoadException or IOException or UnauthorizedAccessException or FormatException)
        {
            var message = exception.Message.ReplaceLineEndings(" ");
            return report with { Error = message.Length > MaxErrorLength ? message[..MaxErrorLength] : message };
        }
    }

    private static EmbeddingMeasurement Measure(EmbeddingFolder folder) => new(folder.WeightsBytes, folder.Dimensions);

    private static KnowledgeMeasurement Measure(string source, ITokenizer tokenizer)
    {
        var parts = source.Split('=', 2);
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            throw new FormatException($"--knowledge is '{source}'; write NAME=FOLDER.");
        }

        var folder = KnowledgeFolder.Read(parts[0], parts[1]);
        var tokens = tokenizer.Encode(KnowledgeText.OfDocuments(folder.Documents)).Count;
        return new KnowledgeMeasurement(parts[0], folder.Documents.Count, tokens, folder.ContentHash);
    }
}
