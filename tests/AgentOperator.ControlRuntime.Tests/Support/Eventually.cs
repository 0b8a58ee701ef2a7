using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>Waits on conditions, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static Task BeTrueAsync(Func<bool> condition, string what) => BeTrueAsync(condition, what, () => { });

    /// <summary>
    /// Waits while a fake clock runs at a hundred times the real one's speed, so that pauses pass and no test depends on how long they are.
    /// </summary>
    public static Task BeTrueAsync(FakeTimeProvider time, Func<bool> condition, string what) =>
        BeTrueAsync(condition, what, () => time.Advance(Poll * 100));

    private static async Task BeTrueAsync(Func<bool> condition, string what, Action pass)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
            {
                Assert.Fail($"Not seen within {Deadline}: {what}");
            }

            pass();
            await Task.Delay(Poll, TimeProvider.System);
        }
    }
}
