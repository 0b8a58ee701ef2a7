using System.Text.Json;
using AgentOperator.Api;

namespace AgentOperator.Chaos.RealCluster.Machine;

/// <summary>An agent's pod that can be struck.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID.</param>
/// <param name="Run">The run that it works for.</param>
/// <param name="Address">Its address; null while it has none.</param>
/// <param name="MemoryLimit">Its memory limit.</param>
internal sealed record AgentPod(string Name, string Uid, string Run, string? Address, string? MemoryLimit)
{
    /// <summary>A pod that runs and is not being deleted; null for any other.</summary>
    public static AgentPod? Of(JsonElement pod)
    {
        var metadata = pod.GetProperty("metadata");
        if (metadata.TryGetProperty("deletionTimestamp", out _)
            || !metadata.TryGetProperty("labels", out var labels) || !labels.TryGetProperty(Labels.Run, out var run)
            || !pod.TryGetProperty("status", out var status) || !status.TryGetProperty("phase", out var phase) || phase.GetString() != "Running")
        {
            return null;
        }

        return new AgentPod(
            metadata.GetProperty("name").GetString()!,
            metadata.GetProperty("uid").GetString()!,
            run.GetString()!,
            status.TryGetProperty("podIP", out var address) ? address.GetString() : null,
            pod.GetProperty("spec").GetProperty("containers")[0].GetProperty("resources").GetProperty("limits").GetProperty("memory").GetString());
    }
}
