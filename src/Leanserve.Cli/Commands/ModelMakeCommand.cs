using System.CommandLine;
using Leanserve.Contracts;
using Leanserve.Onnx;
using Leanserve.Onnx.Reader;
using Leanserve.Onnx.Writing;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve model make</c>: a random-weight model of any geometry, with tokenizer and configuration, to try things out on.</summary>
public static class ModelMakeCommand
{
    private static readonly Option<FileInfo?> Config = new("--config") { Description = "A Llama-style config.json to take sizes from." };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder to write; files in it are replaced.", Required = true };
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Seed of the weights.", DefaultValueFactory = _ => 0 };
    private static readonly Option<WeightPrecision> Precision =
        new("--precision") { Description = "Float32, Float16 or Int4.", DefaultValueFactory = _ => WeightPrecision.Float32 };

    private static readonly Option<bool> HalfActivations = new("--half-activations")
    {
        Description = "With Int4: activations and KV cache of 16 bits, as in models exported for GPUs.",
    };

    private static readonly Option<bool> Reader = new("--reader")
    {
        Description = "Write the constructed reader, which answers from documents, in place of random weights; its sizes are fixed.",
    };

    private static readonly Option<int?> Layers = Size("--layers", "Decoder layers [4].");
    private static readonly Option<int?> HiddenSize = Size("--hidden-size", "Width of the residual stream [128].");
    private static readonly Option<int?> Heads = Size("--attention-heads", "Attention heads [4].");
    private static readonly Option<int?> KeyValueHeads = Size("--key-value-heads", "Heads of keys and values [2].");
    private static readonly Option<int?> HeadSize = Size("--head-size", "Width of a head [32].");
    private static readonly Option<int?> Intermediate = Size("--intermediate-size", "Width of the feed-forward network [256].");
    private static readonly Option<int?> Vocabulary = Size("--vocabulary-size", "Tokens [512].");
    private static readonly Option<int?> Context = Size("--context", "Longest context in tokens [4096].");

    public static Command Create()
    {
        var command = new Command("make", "Write a random-weight Llama-style ONNX model with tokenizer and configuration.")
        {
            Config, Reader, Out, Seed, Precision, HalfActivations, Layers, HiddenSize, Heads, KeyValueHeads, HeadSize, Intermediate, Vocabulary, Context,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            if (arguments.GetValue(Reader))
            {
                return MakeReader(arguments);
            }

            var spec = Resize(arguments.GetValue(Config) is { } file ? DecoderSpecFile.Read(file.FullName) : Default, arguments) with
            {
                Precision = arguments.GetValue(Precision),
                HasHalfActivations = arguments.GetValue(HalfActivations),
            };
            var tokenizer = TokenizerSpec.OfSyllables(spec.Geometry.VocabularySize);
            List<string> violations = [.. spec.Validate(), .. tokenizer.Validate(spec.Geometry.VocabularySize)];
            if (violations.Count > 0)
            {
                violations.ForEach(violation => Console.Error.WriteLine($"leanserve model make: {violation}"));
                return 2;
            }

            string directory = arguments.GetValue(Out)!.FullName;
            ModelWriter.Write(directory, spec, new RandomWeights(arguments.GetValue(Seed)), tokenizer);
            Console.Out.WriteLine($"{directory}: {spec.CountParameters():N0} weights, {spec.Precision}");
            return 0;
        }
        catch (Exception exception) when (exception is ModelLoadException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"leanserve model make: {exception.Message}");
            return 2;
        }
    }

    private static int MakeReader(ParseResult arguments)
    {
        List<string> refused = [.. new Option[] { Config, Seed, HalfActivations, Layers, HiddenSize, Heads, KeyValueHeads, HeadSize, Intermediate, Vocabulary, Context }
            .Where(option => arguments.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
        var precision = arguments.GetValue(Precision);
        if (precision is not (WeightPrecision.Float32 or WeightPrecision.Int4))
        {
            refused.Add($"--precision {precision}");
        }

        if (refused.Count > 0)
        {
            Console.Error.WriteLine($"leanserve model make: {string.Join(", ", refused)} cannot go with --reader, whose weights are fixed; leave it out.");
            return 2;
        }

        string directory = arguments.GetValue(Out)!.FullName;
        ReaderModel.Write(directory, precision);
        Console.Out.WriteLine($"{directory}: the reader, {precision}");
        return 0;
    }

    private static DecoderSpec Default { get; } = new()
    {
        Geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = 4,
            HiddenSize = 128,
            AttentionHeads = 4,
            KeyValueHeads = 2,
            HeadSize = 32,
            IntermediateSize = 256,
            VocabularySize = 512,
            MaxContextTokens = 4096,
        },
    };

    private static DecoderSpec Resize(DecoderSpec spec, ParseResult arguments) => spec with
    {
        Geometry = spec.Geometry with
        {
            Layers = arguments.GetValue(Layers) ?? spec.Geometry.Layers,
            HiddenSize = arguments.GetValue(HiddenSize) ?? spec.Geometry.HiddenSize,
            AttentionHeads = arguments.GetValue(Heads) ?? spec.Geometry.AttentionHeads,
            KeyValueHeads = arguments.GetValue(KeyValueHeads) ?? spec.Geometry.KeyValueHeads,
            HeadSize = arguments.GetValue(HeadSize) ?? spec.Geometry.HeadSize,
            IntermediateSize = arguments.GetValue(Intermediate) ?? spec.Geometry.IntermediateSize,
            VocabularySize = arguments.GetValue(Vocabulary) ?? spec.Geometry.VocabularySize,
            MaxContextTokens = arguments.GetValue(Context) ?? spec.Geometry.MaxContextTokens,
        },
    };

    private static Option<int?> Size(string name, string description) => new(name) { Description = description };
}
