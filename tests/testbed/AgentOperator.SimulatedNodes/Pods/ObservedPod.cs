using System.Text.Json;

namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>What a node needs to know of a pod.</summary>
internal sealed record ObservedPod
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>The node it is bound to; null while it is not.</summary>
    public string? Node { get; init; }

    public required string ServiceAccount { get; init; }

    /// <summary>The first container's name.</summary>
    public required string Container { get; init; }

    /// <summary>Its image.</summary>
    public required string Image { get; init; }

    /// <summary>Its environment, as far as it is written out.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Whether somebody asked for its end.</summary>
    public bool IsDeleting { get; init; }

    /// <summary>Whether its containers have ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Reads a pod.</summary>
    public static ObservedPod Read(JsonElement pod)
    {
        var (metadata, spec) = (pod.GetProperty("metadata"), pod.GetProperty("spec"));
        var container = spec.GetProperty("containers")[0];
        return new ObservedPod
        {
            Namespace = metadata.GetProperty("namespace").GetString()!,
            Name = metadata.GetProperty("name").GetString()!,
            Uid = metadata.GetProperty("uid").GetString()!,
            Node = Text(spec, "nodeName"),
            ServiceAccount = Text(spec, "serviceAccountName") ?? "default",
            Container = container.GetProperty("name").GetString()!,
            Image = Text(container, "image") ?? "",
            Environment = EnvironmentOf(container),
            IsDeleting = metadata.TryGetProperty("deletionTimestamp", out _),
            HasEnded = pod.TryGetProperty("status", out var status) && Text(status, "phase") is "Succeeded" or "Failed",
        };
    }

    private static Dictionary<string, string> EnvironmentOf(JsonElement container) => container.TryGetProperty("env", out var variables)
        ? variables.EnumerateArray().ToDictionary(variable => variable.GetProperty("name").GetString()!, variable => Text(variable, "value") ?? "")
        : [];

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
