using System.Text;
using System.Text.Json;

namespace AgentOperator.EndToEnd.Support;

/// <summary>Watches one run from before it is applied, so that no status of it is missed but while the API server is down.</summary>
internal sealed class RunObserver : IAsyncDisposable
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(300);
    private readonly ApiServer api;
    private readonly string path;
    private readonly Lock gate = new();
    private readonly List<ObservedStatus> seen = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task watching;
    private TaskCompletionSource changed = NewSignal();
    private bool deleted;

    public RunObserver(ApiServer api, string ns, string name)
    {
        this.api = api;
        path = $"apis/{ApiConstants.ApiVersion}/namespaces/{ns}/{ApiConstants.AgentRunPlural}?watch=true&fieldSelector=metadata.name%3D{name}";
        watching = WatchAsync(stop.Token);
    }

    /// <summary>All that was seen, oldest first.</summary>
    public IReadOnlyList<ObservedStatus> Seen
    {
        get
        {
            lock (gate)
            {
                return [.. seen];
            }
        }
    }

    /// <summary>The newest status; null before the first.</summary>
    public AgentRunStatus? Latest => Seen is [.., var last] ? last.Status : null;

    /// <summary>Waits for a status, from the newest one on.</summary>
    /// <exception cref="AssertionException">The deadline passed.</exception>
    public async Task<AgentRunStatus> UntilAsync(string what, Func<AgentRunStatus, bool> condition, TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        var next = Math.Max(0, Seen.Count - 1);
        while (true)
        {
            Task signal;
            IReadOnlyList<ObservedStatus> all;
            lock (gate)
            {
                signal = changed.Task;
                all = [.. seen];
            }

            for (; next < all.Count; next++)
            {
                if (condition(all[next].Status))
                {
                    return all[next].Status;
                }
            }

            await WaitAsync(signal, $"{what}; the run's phase is {Latest?.Phase ?? "not set"}", deadline, timeout.Token);
        }
    }

    /// <summary>Waits until the run is deleted.</summary>
    /// <exception cref="AssertionException">The deadline passed.</exception>
    public async Task UntilDeletedAsync(TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        while (true)
        {
            Task signal;
            lock (gate)
            {
                if (deleted)
                {
                    return;
                }

                signal = changed.Task;
            }

            await WaitAsync(signal, "the run to be deleted", deadline, timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task WaitAsync(Task signal, string what, TimeSpan deadline, CancellationToken ct)
    {
        try
        {
            await signal.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw new AssertionException($"Waited {deadline.TotalSeconds:0} s in vain for {what}.");
        }
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in api.WatchAsync(path, ct))
                {
                    Note(change);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // The API server is restarted by a test; a watch without a version begins with what is there.
            }

            await Task.Delay(ReconnectPause, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(JsonElement change)
    {
        lock (gate)
        {
            if (change.GetProperty("type").GetString() == "DELETED")
            {
                deleted = true;
            }
            else if (change.GetProperty("object").TryGetProperty("status", out var status))
            {
                seen.Add(new ObservedStatus(
                    status.Deserialize<AgentRunStatus>(ApiJson.Options)!, Encoding.UTF8.GetByteCount(status.GetRawText())));
            }

            changed.TrySetResult();
            changed = NewSignal();
        }
    }
}
