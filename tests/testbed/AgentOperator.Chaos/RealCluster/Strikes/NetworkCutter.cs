using AgentOperator.Chaos.RealCluster.Plan;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Cuts an agent's pod off for a while: it lives and nobody hears of it.</summary>
internal sealed class NetworkCutter(Battlefield field) : IStrikeForce
{
    public async Task<string?> StrikeAsync(Strike strike, CancellationToken ct)
    {
        if (field.Choose(strike.Choice, pod => pod.Address is not null) is not { } pod)
        {
            return null;
        }

        try
        {
            if (!await field.Filter.CutAsync(pod.Address!))
            {
                return null;
            }

            await Battlefield.LastAsync(strike.Duration, ct);
            return pod.Name;
        }
        finally
        {
            await field.Filter.MendAsync(pod.Address!);
        }
    }
}
