using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>SIGKILL of an agent.</summary>
internal sealed class RunnerKiller(Battlefield field) : IStrikeForce
{
    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct) =>
        field.Choose(strike.Choice) is { } pod
        && field.Processes.Find(pod.Uid, PodProcesses.Runner) is { } agent
        && await PodProcesses.SignalAsync(agent, "KILL")
            ? pod.Name
            : null;
}
