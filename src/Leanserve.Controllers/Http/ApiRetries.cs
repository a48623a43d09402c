using System.Net;
using Polly;
using Polly.Retry;

namespace Leanserve.Controllers;

/// <summary>Which answers are tried again at once, and when; everything else is left to the reconcile's own backoff.</summary>
internal static class ApiRetries
{
    /// <summary>Whether the request only reads, so that it may be repeated after a broken connection.</summary>
    public static readonly ResiliencePropertyKey<bool> IsRead = new("is-read");

    private const int MaxRetries = 8;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>
    /// 429, and 5xx with a Retry-After, were refused before they took effect: any request may be repeated. A broken connection leaves
    /// open whether the request took effect: only reads are repeated, twice.
    /// </summary>
    public static ResiliencePipeline<HttpResponseMessage> Create(TimeProvider timeProvider, OperatorMetrics metrics)
        => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(250),
                MaxDelay = TimeSpan.FromSeconds(10),
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(ShouldRetry(arguments)),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, timeProvider)),
                OnRetry = arguments =>
                {
                    metrics.RequestRetried(arguments.Outcome.Result is { } r ? ((int)r.StatusCode).ToString() : "unreachable");
                    arguments.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static bool ShouldRetry(RetryPredicateArguments<HttpResponseMessage> arguments) => arguments.Outcome switch
    {
        { Result: { } response } => response.StatusCode == HttpStatusCode.TooManyRequests
            || ((int)response.StatusCode >= 500 && response.Headers.RetryAfter is not null),
        { Exception: ApiException { InnerException: HttpRequestException } } =>
            arguments.AttemptNumber < 2 && arguments.Context.Properties.GetValue(IsRead, false),
        _ => false,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider timeProvider)
    {
        var wait = response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - timeProvider.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait is null ? null : TimeSpan.FromTicks(Math.Clamp(wait.Value.Ticks, 0, LongestWait.Ticks));
    }
}
