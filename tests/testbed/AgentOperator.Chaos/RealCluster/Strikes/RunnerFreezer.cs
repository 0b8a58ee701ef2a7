using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Freezes an agent until it counts as hung, and wakes it up when another one may have its run.</summary>
/// <param name="field">What can be struck.</param>
/// <param name="heartbeatTimeout">The heartbeat timeout of a run.</param>
internal sealed class RunnerFreezer(Battlefield field, Func<string, TimeSpan> heartbeatTimeout) : IStrikeForce
{
    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct)
    {
        if (field.Choose(strike.Choice) is not { } pod)
        {
            return null;
        }

        var duration = heartbeatTimeout(pod.Run) + strike.Duration;
        if (field.Processes.Find(pod.Uid, PodProcesses.Runner) is not { } agent
            || !await PodProcesses.SignalAsync(agent, "STOP"))
        {
            return null;
        }

        await Battlefield.LastAsync(duration, ct);

        // The id may be another process's by now; it is looked up again.
        if (field.Processes.Find(pod.Uid, PodProcesses.Runner) is { } frozen)
        {
            await PodProcesses.SignalAsync(frozen, "CONT");
        }

        return pod.Name;
    }
}
