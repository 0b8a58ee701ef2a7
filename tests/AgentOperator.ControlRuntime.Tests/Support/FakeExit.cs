namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>Notes that the process would end, and leaves the test's process alone.</summary>
internal sealed class FakeExit : IProcessExit
{
    private int _failures;

    public bool Failed => _failures > 0;

    public void Fail() => Interlocked.Increment(ref _failures);
}
