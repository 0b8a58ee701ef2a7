using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Hosting;

/// <summary>
/// How the process runs. The options of the other areas, <see cref="Pods.PodOptions"/> and <see cref="Gateway.GatewayOptions"/>, are read from
/// the same section <c>AgentOperator</c>: environment variables <c>AgentOperator__Name</c>, which the chart sets.
/// </summary>
internal sealed class HostingOptions
{
    /// <summary>The section of all options.</summary>
    public const string Section = "AgentOperator";

    /// <summary>The operator's own namespace: where its lease is kept.</summary>
    [Required]
    public string Namespace { get; set; } = "";

    /// <summary>The operator's own pod name: its identity in the lease.</summary>
    [Required]
    public string PodName { get; set; } = "";

    /// <summary>The name of the lease: one for each installation, so that two in a namespace have a leader each. Default agent-operator.</summary>
    [Required]
    public string LeaseName { get; set; } = "agent-operator";

    /// <summary>The one namespace to watch; empty (default) watches all.</summary>
    public string WatchNamespace { get; set; } = "";

    /// <summary>TCP port of metrics and health (HTTP). Default 8080.</summary>
    [Range(1, 65535)]
    public int MetricsPort { get; set; } = 8080;

    /// <summary>
    /// How long a stopping replica waits for the model answers under way, in seconds. It hands over its other work at once. Default 25.
    /// </summary>
    [Range(1, 3600)]
    public int ShutdownSeconds { get; set; } = 25;

    /// <summary>How many AgentRuns are reconciled at once. Default 4.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 4;

    /// <summary>False to list objects page by page even from API servers that can stream them. Default true.</summary>
    public bool StreamLists { get; set; } = true;
}
