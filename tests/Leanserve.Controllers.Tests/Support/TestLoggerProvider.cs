using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>Logs into the output of the test that is running.</summary>
public sealed class TestLoggerProvider : ILoggerProvider
{
    private readonly ITestOutputHelper? output = TestContext.Current.TestOutputHelper;

    public ILogger CreateLogger(string categoryName) => new TestLogger(output, categoryName);

    public void Dispose()
    {
    }

    private sealed class TestLogger(ITestOutputHelper? output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                output?.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {category.Split('.')[^1]}: {formatter(state, exception)} {exception?.Message}");
            }
            catch (InvalidOperationException)
            {
                // The test has ended; what its operator says while it stops is of no interest.
            }
        }
    }
}
