using System.Net;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Faults;
using AgentOperator.Chaos.Operators;

namespace AgentOperator.Chaos.Agents;

/// <summary>A runner's way to the gateway: to any living replica, with all that a network can do to a request and its reply.</summary>
internal sealed class RunnerTransport(World world, PodAgent agent) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value));
        headers["Authorization"] = $"Bearer {TokenReviews.TokenOf(agent.Uid)}";
        var address = request.RequestUri!;
        var reply = await ExchangeAsync(
            new GatewayRequest(request.Method.Method, address.AbsolutePath, address.Query, headers, body, agent.Uid, agent.Name), cancellationToken);
        var response = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = new ByteArrayContent(reply.Body), RequestMessage = request };
        foreach (var (name, value) in reply.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    private Task<GatewayReply> ExchangeAsync(GatewayRequest request, CancellationToken cancellationToken)
    {
        world.Simulator.CheckThread();
        var answer = new TaskCompletionSource<GatewayReply>();
        var way = world.Faults.Network();
        var label = $"{agent.Name}: {request.Method} {request.Path}{request.Query}";
        Action? abort = null;
        var registration = cancellationToken.Register(() =>
        {
            if (abort is { } hangUp)
            {
                world.Simulator.After(world.Faults.Time(0, 2), null, null, hangUp);
            }

            answer.TrySetCanceled(cancellationToken);
        });

        void Fail(string why) => world.Simulator.After(way.Reply, agent.Process, null, () =>
        {
            registration.Unregister();
            answer.TrySetException(new HttpRequestException(why));
        });

        void Answered(GatewayReply? reply)
        {
            if (abort is not null)
            {
                agent.Disconnected(abort);
            }

            if (way.Kind == FateKind.KillAfter)
            {
                world.Simulator.Note($"{label}: killed before the reply");
                world.Simulator.After(TimeSpan.Zero, null, null, () => agent.Process.Kill("killed at a reply"));
            }
            else if (reply is null || way.Kind == FateKind.ReplyLost || agent.PartitionedUntil > world.Simulator.Now)
            {
                world.Simulator.Note($"{label}: no reply");
                Fail("the connection broke");
            }
            else
            {
                world.Simulator.After(way.Reply, agent.Process, $"{label}: {reply.Status}", () =>
                {
                    registration.Unregister();
                    answer.TrySetResult(reply);
                });
            }
        }

        world.Simulator.After(way.Request, null, null, () =>
        {
            if (agent.Process.IsDead && way.DiesWithCaller)
            {
                return;
            }

            if (way.Kind == FateKind.KillBefore)
            {
                agent.Process.Kill("killed at a request");
                return;
            }

            if (way.Kind == FateKind.RequestLost || agent.PartitionedUntil > world.Simulator.Now || world.Operators.PickServing() is not { } replica)
            {
                world.Simulator.Note($"{label}: does not arrive");
                Fail("the gateway is unreachable");
                return;
            }

            world.Simulator.Note($"{label}: arrives at {replica.Process.Name}");
            Deliver(replica, request, way, Answered, hangUp => abort = hangUp);
        });
        return answer.Task;
    }

    private void Deliver(Replica replica, GatewayRequest request, CallFate way, Action<GatewayReply?> answered, Action<Action> connected)
    {
        world.Simulator.After(TimeSpan.Zero, replica.Process, null, () =>
        {
            var abort = replica.Serve(request, answered);
            connected(abort);
            agent.Connected(abort);
        });
        if (way.Kind == FateKind.Doubled && world.Operators.PickServing() is { } other)
        {
            world.Simulator.After(way.Reply, other.Process, $"{agent.Name}: {request.Path} arrives twice", () => other.Serve(request, _ => { }));
        }
    }
}
