using System.Globalization;
using CsCheck;
using Leanserve.Translation.Reporting;

namespace Leanserve.Translation.Tests.Reporting;

public sealed class StatusNumberTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.71234, "0.712")]
    [InlineData(1.9251, "1.93")]
    [InlineData(99.96, "100")]
    [InlineData(123456.7, "123457")]
    [InlineData(0.000012345, "0.0000123")]
    [InlineData(-3.456, "-3.46")]
    public void Text_KeepsThreeDigitsAndAllWholeOnes(double value, string expected) => Assert.Equal(expected, StatusNumber.Text(value));

    [Fact]
    public void Text_AnyNumber_IsWithinHalfAPercentAndPlain() => Gen.Double[1e-6, 1e12].Sample(value =>
    {
        var text = StatusNumber.Text(value);
        return !text.Contains('E', StringComparison.Ordinal) && Math.Abs(double.Parse(text, CultureInfo.InvariantCulture) - value) <= 0.005 * value + 1e-9;
    });

    [Fact]
    public void Text_NotANumber_IsABrokenContract() => Assert.Throws<ArgumentOutOfRangeException>(() => StatusNumber.Text(double.NaN));
}
