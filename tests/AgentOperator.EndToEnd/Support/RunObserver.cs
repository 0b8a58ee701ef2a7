using System.Text;
using System.Text.Json;

namespace AgentOperator.EndToEnd.Support;

/// <summary>Watches one run from before it is applied, so that no status of it is missed but while the API server is down.</summary>
internal sealed class RunObserver : IAsyncDisposable
{
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(300);
    private readonly ApiServer _api;
    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly List<ObservedStatus> _seen = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private TaskCompletionSource _changed = NewSignal();
    private bool _deleted;

    public RunObserver(ApiServer api, string ns, string name)
    {
        _api = api;
        _path = $"apis/{ApiConstants.ApiVersion}/namespaces/{ns}/{ApiConstants.AgentRunPlural}?watch=true&fieldSelector=metadata.name%3D{name}";
        _watching = WatchAsync(_stop.Token);
    }

    /// <summary>All that was seen, oldest first.</summary>
    public IReadOnlyList<ObservedStatus> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
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
            lock (_gate)
            {
                signal = _changed.Task;
                all = [.. _seen];
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
            lock (_gate)
            {
                if (_deleted)
                {
                    return;
                }

                signal = _changed.Task;
            }

            await WaitAsync(signal, "the run to be deleted", deadline, timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
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
                await foreach (var change in _api.WatchAsync(_path, ct))
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
                // A test may restart the API server. A watch without a version starts with the current objects.
            }

            await Task.Delay(ReconnectPause, TimeProvider.System, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(JsonElement change)
    {
        lock (_gate)
        {
            if (change.GetProperty("type").GetString() == "DELETED")
            {
                _deleted = true;
            }
            else if (change.GetProperty("object").TryGetProperty("status", out var status))
            {
                _seen.Add(new ObservedStatus(
                    status.Deserialize<AgentRunStatus>(ApiJson.Options)!, Encoding.UTF8.GetByteCount(status.GetRawText())));
            }

            _changed.TrySetResult();
            _changed = NewSignal();
        }
    }
}
