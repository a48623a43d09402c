namespace Leanserve.Cli.Bench;

/// <summary>One run of load on one endpoint.</summary>
public sealed record LoadOptions
{
    /// <summary>Base address of the API, up to and including <c>/v1</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Model to ask for; null takes the first that <c>/v1/models</c> lists.</summary>
    public string? Model { get; init; }

    public string? ApiKey { get; init; }

    public required LoadPattern Pattern { get; init; }

    /// <summary>Requests in all.</summary>
    public required int Requests { get; init; }

    /// <summary>Longest time in which requests are sent; null has no limit.</summary>
    public TimeSpan? Duration { get; init; }

    public required PromptSource Prompts { get; init; }

    public required int MaxTokens { get; init; }

    /// <summary>Seeds the arrivals and the prompts, and is sent with each request.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether <c>/v1/chat/completions</c> is asked, else <c>/v1/completions</c>.</summary>
    public bool Chat { get; init; } = true;
}
