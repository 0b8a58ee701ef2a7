using AgentOperator.Hosting;

namespace AgentOperator.Tests.Hosting;

internal sealed class MemoryReturnTests
{
    private const long Burst = MemoryReturn.Work;

    private MemoryReturn _memory = null!;

    [SetUp]
    public void SetUp() => _memory = new MemoryReturn([], TimeProvider.System);

    [TearDown]
    public void TearDown() => _memory.Dispose();

    [Test]
    public void HasComeToRest_AfterWork_TrueOnce() => Assert.That(
        new[] { Burst, 2 * Burst, (2 * Burst) + 1, (2 * Burst) + 2, 4 * Burst, 4 * Burst }.Select(_memory.HasComeToRest),
        Is.EqualTo(new[] { false, false, true, false, false, true }));

    [Test]
    public void HasComeToRest_SlowAllocationsAddUp_True()
    {
        var looks = Enumerable.Range(1, 20).Select(look => _memory.HasComeToRest(look * (MemoryReturn.Quiet - 1))).ToList();

        Assert.That(looks.Count(told => told), Is.EqualTo(2));
    }

    [Test]
    public void HasComeToRest_StillWorking_False() =>
        Assert.That(Enumerable.Range(1, 20).Select(look => _memory.HasComeToRest(look * MemoryReturn.Quiet)), Has.None.True);
}
