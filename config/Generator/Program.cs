using Leanserve.Generator;

const string Usage = "usage: leanserve-generator generate|verify [REPOSITORY]\n"
    + "  generate   writes the CRDs, roles and field reference that follow from code\n"
    + "  verify     fails, naming them, when any of these files is stale";

if (args is not (["generate" or "verify"] or ["generate" or "verify", _]))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var root = args.Length > 1 ? args[1] : Directory.GetCurrentDirectory();
if (!File.Exists(Path.Combine(root, "Operator.sln")))
{
    Console.Error.WriteLine($"{root} is not the repository's root: it has no Operator.sln. Run from the root, or name it as the second argument.");
    return 2;
}

var stale = GeneratedFiles.All().Where(file => file.IsStale(root)).ToList();
if (args[0] == "generate")
{
    stale.ForEach(file => file.Write(root));
    stale.ForEach(file => Console.WriteLine($"wrote {file.Path}"));
    return 0;
}

stale.ForEach(file => Console.Error.WriteLine($"stale: {file.Path}"));
if (stale.Count > 0)
{
    Console.Error.WriteLine($"{stale.Count} generated files do not match the code. Run `make generate` and commit the result.");
}

return stale.Count > 0 ? 1 : 0;
