using System.Globalization;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Heartbeats;
using AgentOperator.Gateway.Identity;

namespace AgentOperator.Chaos.Operators;

/// <summary>Heartbeats as the pod's annotation, at most as often as asked.</summary>
internal sealed class SimulatedHeartbeatWriter(ApiConnection api) : IHeartbeatWriter
{
    private readonly Dictionary<string, DateTimeOffset> _recorded = [];

    public async Task RecordAsync(RunnerIdentity runner, TimeSpan atMostEvery, CancellationToken cancellationToken)
    {
        var now = api.Process.Time.GetUtcNow();
        if (_recorded.TryGetValue(runner.Writer.PodUid, out var until) && until > now)
        {
            return;
        }

        var stamp = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        await api.WriteAsync($"heartbeat of {runner.Pod}", () => Stamp(runner, stamp), cancellationToken);
        _recorded[runner.Writer.PodUid] = now + atMostEvery;
    }

    private void Stamp(RunnerIdentity runner, string stamp)
    {
        var key = new ObjectKey(runner.Run.Namespace, runner.Pod);
        if (api.Server.Pods.Get(key) is not { } pod || pod.Metadata.Uid != runner.Writer.PodUid)
        {
            return;
        }

        var annotations = new Dictionary<string, string>(pod.Metadata.Annotations ?? new Dictionary<string, string>())
        {
            [Annotations.Heartbeat] = stamp,
        };
        api.Server.Pods.Put(pod with { Metadata = pod.Metadata with { Annotations = annotations } });
    }
}
