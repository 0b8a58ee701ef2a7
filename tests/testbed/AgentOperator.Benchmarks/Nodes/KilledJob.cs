using System.Text.Json;

namespace AgentOperator.Benchmarks.Nodes;

/// <summary>A Job of the in-tree controller: the kernel kills its first container for memory, and the one after it ends well.</summary>
/// <param name="place">Where it is.</param>
/// <param name="name">Its name.</param>
/// <param name="image">An image with a shell.</param>
/// <param name="memory">Its memory limit.</param>
/// <param name="restartPolicy">Never: another pod comes. OnFailure: the same pod gets another container.</param>
internal sealed class KilledJob(NodeNamespace place, string name, string image, string memory, string restartPolicy)
{
    private const string Waits = "waits";
    private const string Go = "go";
    private const int Killed = 137;

    /// <summary>Runs it.</summary>
    /// <param name="part">Where between two looks of the kubelet it is killed, from 0 to 1.</param>
    /// <returns>From the end of the process that the kernel killed to the first line of the next container.</returns>
    /// <exception cref="InvalidOperationException">The container ended in another way.</exception>
    public async Task<TimeSpan> RecoverAsync(double part)
    {
        await place.ApplyAsync(Manifest);
        await place.EffectAsync(name, Waits);
        var (_, pod) = await place.JobPodAsync(name, "the first pod", _ => true);
        var process = await place.FirstProcessAsync(Uid(pod), "sh");
        await place.BetweenLooksAsync(NameOf(pod), part);
        await place.Model.AddEffectAsync(name, Go);
        var ended = await process.EndAsync();
        var (_, next) = await place.JobPodAsync(name, "the next container", seen => (Uid(seen) != Uid(pod) || Restarts(seen) > 0)
            && State(seen, "state", "waiting") is null
            && NodeNamespace.ContainerOf(seen) is not null);
        var recovered = await place.FirstLineAsync(NameOf(next)) - ended;
        var (_, first) = await place.JobPodAsync(name, "the end of the first container", seen => Uid(seen) == Uid(pod) && End(seen) is not null);
        return End(first)!.Value.GetProperty("exitCode").GetInt32() == Killed
            ? recovered
            : throw new InvalidOperationException($"The first container of {name} ended as {End(first)}.");
    }

    /// <summary>
    /// <c>tail</c> buffers one line that never ends in its own memory, so it is the process that the kernel kills. Memory in /dev/shm would still
    /// be charged to the pod when its next container starts.
    /// </summary>
    private string Script => $$"""
        echo running
        has() { curl -sSf {{Testing.ModelServer.EffectsUrl}}/{{name}} | grep -q "\"key\":\"$1\""; }
        if has {{Waits}}; then exit 0; fi
        curl -sSf -o /dev/null --data key={{Waits}} {{Testing.ModelServer.EffectsUrl}}/{{name}}
        until has {{Go}}; do sleep 0.2; done
        exec tail /dev/zero
        """;

    private string Manifest => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: {name: {{name}}, namespace: {{place.Name}} }
        spec:
          backoffLimit: 6
          template:
            spec:
              restartPolicy: {{restartPolicy}}
              automountServiceAccountToken: false
              enableServiceLinks: false
              containers:
              - name: job
                image: {{image}}
                imagePullPolicy: IfNotPresent
                command: [/bin/sh, -c, {{JsonSerializer.Serialize(Script)}}]
                resources: {requests: {cpu: 100m, memory: {{memory}} }, limits: {memory: {{memory}} } }
        """;

    private static string NameOf(JsonElement pod) => pod.GetProperty("metadata").GetProperty("name").GetString()!;

    private static string Uid(JsonElement pod) => pod.GetProperty("metadata").GetProperty("uid").GetString()!;

    private static int Restarts(JsonElement pod) => NodeNamespace.ContainerOf(pod)?.GetProperty("restartCount").GetInt32() ?? 0;

    /// <summary>How the pod's first container ended; null while it works.</summary>
    private static JsonElement? End(JsonElement pod) => State(pod, Restarts(pod) > 0 ? "lastState" : "state", "terminated");

    private static JsonElement? State(JsonElement pod, string field, string state) =>
        NodeNamespace.ContainerOf(pod) is { } status
        && status.TryGetProperty(field, out var container)
        && container.TryGetProperty(state, out var found)
            ? found
            : null;
}
