using System.Threading.Channels;
using AgentOperator.SimulatedNodes.Pods;

namespace AgentOperator.Benchmarks.Runners;

/// <summary>A pod whose container is the real runner, as a process of this machine, with the pod's environment and token.</summary>
/// <param name="stage">Where the pod is.</param>
/// <param name="image">The runner.</param>
/// <param name="environment">What a container runtime adds to the pod's environment.</param>
/// <param name="process">Runs it.</param>
internal sealed class RunnerWorkload(
    Stage stage, RunnerImage image, IReadOnlyDictionary<string, string> environment, AgentProcess process) : IWorkload
{
    private static readonly TimeSpan ClaimDeadline = TimeSpan.FromMinutes(1);

    private readonly Channel<AgentMeasurement> _measured = Channel.CreateUnbounded<AgentMeasurement>();

    /// <summary>The next measurement.</summary>
    /// <exception cref="ChannelClosedException">A pod could not be measured; the inner exception says why.</exception>
    public ValueTask<AgentMeasurement> NextAsync(CancellationToken cancellationToken) => _measured.Reader.ReadAsync(cancellationToken);

    public async Task<ContainerExit> RunAsync(ObservedPod pod, CancellationToken cancellationToken)
    {
        try
        {
            _measured.Writer.TryWrite(await MeasureAsync(pod, cancellationToken));
            return ContainerExit.Completed;
        }
        catch (Exception exception)
        {
            // Whatever it was: who waits for the measurement has to know.
            _measured.Writer.TryComplete(exception);
            throw;
        }
    }

    private async Task<AgentMeasurement> MeasureAsync(ObservedPod pod, CancellationToken cancellationToken)
    {
        // A kubelet takes longer to start a container than the operator takes to claim the epoch for it; a simulated one does not.
        await Eventually.TrueAsync($"the epoch of {pod.Name} to be claimed", () => IsClaimedAsync(pod, cancellationToken), ClaimDeadline);
        var token = await new PodApi(stage.Api).CreateTokenAsync(pod, cancellationToken)
            ?? throw new InvalidOperationException($"{pod.Name} is gone.");
        var folder = Directory.CreateDirectory(Path.Combine(stage.Folder, pod.Name));
        var tokenFile = Path.Combine(folder.FullName, "token");
        await File.WriteAllTextAsync(tokenFile, token, cancellationToken);
        return await process.RunAsync(
            image.Program,
            [],
            new Dictionary<string, string>([.. environment, .. pod.Environment])
            {
                [RunnerEnvironment.TokenFile] = tokenFile,
                [RunnerEnvironment.Workspace] = folder.CreateSubdirectory("workspace").FullName,
            },
            cancellationToken);
    }

    private async Task<bool> IsClaimedAsync(ObservedPod pod, CancellationToken cancellationToken)
    {
        var segments = await stage.Api.GetAsync(
            $"apis/{ApiConstants.ApiVersion}/namespaces/{pod.Namespace}/{ApiConstants.JournalSegmentPlural}", cancellationToken);
        return segments.GetProperty("items").EnumerateArray().Any(segment =>
            segment.GetProperty("spec").GetProperty("head").TryGetProperty("podUid", out var uid) && uid.GetString() == pod.Uid);
    }
}
