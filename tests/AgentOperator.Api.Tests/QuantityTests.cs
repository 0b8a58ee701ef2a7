namespace AgentOperator.Api.Tests;

public sealed class QuantityTests
{
    [TestCase("0", 0)]
    [TestCase("2", 2)]
    [TestCase("100m", 0.1)]
    [TestCase("1.5", 1.5)]
    [TestCase("1k", 1000)]
    [TestCase("64Mi", 67108864)]
    [TestCase("64M", 64000000)]
    [TestCase("1.5Gi", 1610612736)]
    public void TryParse_Quantity_IsItsValue(string text, double expected)
    {
        Assert.Multiple(() =>
        {
            Assert.That(Quantity.TryParse(text, out var value));
            Assert.That(value, Is.EqualTo((decimal)expected));
        });
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("Mi")]
    [TestCase("-1")]
    [TestCase("+1")]
    [TestCase("64MB")]
    [TestCase("64 Mi")]
    [TestCase("1e3")]
    [TestCase("64Mi\n")]
    [TestCase("9Ei")]
    [TestCase("99999999999999999999999999999999")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.That(Quantity.TryParse(text, out _), Is.False);
}
