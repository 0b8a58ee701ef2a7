using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>A fake clock that runs.</summary>
internal static class FastClock
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.5);

    /// <summary>Waits while the clock runs at a hundred times the real one's speed, so that no test depends on how long a pause is.</summary>
    public static Task PassUntilAsync(this FakeTimeProvider time, string what, Func<bool> condition) =>
        Eventually.TrueAsync(what, condition, () => time.Advance(Step));
}
