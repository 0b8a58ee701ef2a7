using System.Globalization;
using AgentOperator.Chaos.Faults;
using AgentOperator.Gateway.Peers;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Operators;

/// <summary>The way from one replica to the others: each is asked at its own gateway, and may not answer.</summary>
internal sealed class SimulatedPeers(World world, Replica self) : IGatewayPeers
{
    public async Task<bool> HaveCommittedAsync(string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        var asked = world.Operators.Living.Where(other => other != self)
            .Select(other => AskAsync(other, authorization, stepKey, expectedSequence, cancellationToken));
        return (await Task.WhenAll(asked)).Any(committed => committed);
    }

    private Task<bool> AskAsync(Replica other, string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>
        {
            ["Authorization"] = authorization,
            [Routes.IdempotencyKeyHeader] = stepKey,
            [Routes.ExpectedSequenceHeader] = expectedSequence.ToString(CultureInfo.InvariantCulture),
        };
        var request = new GatewayRequest("POST", PeerRoute.Answer, "", headers, [], "", self.Process.Name);
        var answer = new TaskCompletionSource<bool>();
        var way = world.Faults.Network();
        Action? abort = null;
        var registration = cancellationToken.Register(() =>
        {
            if (abort is { } hangUp)
            {
                world.Simulator.After(TimeSpan.Zero, null, null, hangUp);
            }

            answer.TrySetCanceled(cancellationToken);
        });

        void Answer(bool committed) => world.Simulator.After(
            way.Reply, self.Process, $"{self.Process.Name}: {other.Process.Name} says {committed}", () =>
        {
            registration.Unregister();
            answer.TrySetResult(committed);
        });

        world.Simulator.After(way.Request, null, null, () =>
        {
            if (way.Kind != FateKind.Answered || other.Process.IsDead)
            {
                Answer(false);
                return;
            }

            world.Simulator.After(TimeSpan.Zero, other.Process, null, () => abort = other.Serve(request, reply => Answer(reply is { Status: 204 })));
        });
        return answer.Task;
    }
}
