using System.Diagnostics;
using System.Net.Sockets;
using k8s.Autorest;

namespace AgentOperator.Testing;

/// <summary>Waits on conditions that only asking can tell.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks until there is an answer. A server that does not answer for a while has not answered yet.</summary>
    /// <param name="what">What is waited for, as a part of a sentence.</param>
    /// <param name="probe">Returns null while it is not there.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> probe, TimeSpan deadline)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        Exception? last = null;
        while (true)
        {
            try
            {
                if (await probe() is { } found)
                {
                    return found;
                }

                last = null;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or HttpOperationException)
            {
                last = exception;
            }

            if (Stopwatch.GetElapsedTime(started) > deadline)
            {
                throw new TimeoutException(
                    $"Waited {deadline.TotalSeconds:0} s in vain for {what}.{(last is null ? "" : $" Last error: {last.Message}")}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Asks until it is so.</summary>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public static Task TrueAsync(string what, Func<Task<bool>> probe, TimeSpan deadline) =>
        GetAsync<object>(what, async () => await probe() ? probe : null, deadline);

    /// <summary>Waits for something in the test's own process.</summary>
    /// <param name="what">What is waited for, as a part of a sentence.</param>
    /// <param name="condition">Whether it is so.</param>
    /// <param name="meanwhile">Called before each look but the first, as to move a fake clock.</param>
    /// <exception cref="TimeoutException">It was not so within half a minute, which only a defect takes.</exception>
    public static async Task TrueAsync(string what, Func<bool> condition, Action? meanwhile = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds:0} s in vain for this: {what}.");
            }

            meanwhile?.Invoke();
            await Task.Delay(ShortPause, TimeProvider.System);
        }
    }
}
