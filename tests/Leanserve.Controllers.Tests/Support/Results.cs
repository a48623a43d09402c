using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>Short names for results.</summary>
public static class Results
{
    public static ReconciliationResult<Widget> Ok(Widget widget, TimeSpan? after = null) => ReconciliationResult<Widget>.Success(widget, after);

    public static ReconciliationResult<Widget> Fail(Widget widget, TimeSpan? after = null)
        => ReconciliationResult<Widget>.Failure(widget, "asked to fail", requeueAfter: after);
}
