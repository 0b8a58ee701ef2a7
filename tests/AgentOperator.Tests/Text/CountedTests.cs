using AgentOperator.Protocol;

namespace AgentOperator.Tests.Text;

internal sealed class CountedTests
{
    [TestCase(0, "0 attempts")]
    [TestCase(1, "1 attempt")]
    [TestCase(2, "2 attempts")]
    [TestCase(1_000_000, "1000000 attempts")]
    public void Of_Number_IsSingularForOneOnly(long count, string expected) => Assert.That(Counted.Of(count, "attempt"), Is.EqualTo(expected));
}
