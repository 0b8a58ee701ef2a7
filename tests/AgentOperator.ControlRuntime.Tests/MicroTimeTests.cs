using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime.Tests;

internal sealed class MicroTimeTests
{
    [TestCase(0)]
    [TestCase(9)]
    [TestCase(10)]
    [TestCase(1234567)]
    public void Of_AnyTime_IsWrittenWithSixDigits(long ticks)
    {
        var time = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.FromHours(1)).AddTicks(ticks);

        var json = KubernetesJson.Serialize(new V1LeaseSpec { RenewTime = MicroTime.Of(time) });

        Assert.That(json, Does.Match("""^\{"renewTime":"2031-02-03T03:05:06\.[0-9]{6}Z"\}$"""));
    }
}
