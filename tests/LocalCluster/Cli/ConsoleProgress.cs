namespace LocalCluster.Cli;

/// <summary>Prints progress on standard error at once, so that standard output holds results only.</summary>
internal sealed class ConsoleProgress : IProgress<string>
{
    public void Report(string value) => Console.Error.WriteLine(value);
}
