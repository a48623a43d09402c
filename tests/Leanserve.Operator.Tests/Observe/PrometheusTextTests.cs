using Leanserve.Operator.Observe;

namespace Leanserve.Operator.Tests.Observe;

public sealed class PrometheusTextTests
{
    private const string Page = """
        # HELP leanserve_ttft_seconds Time to first token.
        # TYPE leanserve_ttft_seconds histogram
        leanserve_ttft_seconds_sum{strategy="cag"} 1.5
        leanserve_ttft_seconds_count{strategy="cag"} 3
        leanserve_ttft_seconds_count{strategy="rag"} 4
        leanserve_ttft_seconds_count_other 99
        """;

    [Fact]
    public void Sum_SeveralLabelSets_AddsThemAndNoLongerNames() => Assert.Equal(7, PrometheusText.Sum(Page, "leanserve_ttft_seconds_count"));

    [Theory]
    [InlineData("leanserve_ttft_seconds_count", "rag", true)]
    [InlineData("leanserve_ttft_seconds_count", "ra", false)]
    [InlineData("leanserve_ttft_seconds_sum", "rag", false)]
    [InlineData("leanserve_ttft_seconds", "cag", false)]
    public void Has_NameAndLabel_ComparesBothInFull(string name, string strategy, bool expected) =>
        Assert.Equal(expected, PrometheusText.Has(Page, name, ("strategy", strategy)));

    [Fact]
    public void Sum_NameAbsent_IsNull() => Assert.Null(PrometheusText.Sum(Page, "leanserve_itl_seconds_count"));
}
