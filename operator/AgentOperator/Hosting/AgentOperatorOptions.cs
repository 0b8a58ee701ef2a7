using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Hosting;

/// <summary>What the chart configures: section <c>AgentOperator</c>, environment variables <c>AgentOperator__Name</c>.</summary>
internal sealed class AgentOperatorOptions
{
    public const string Section = "AgentOperator";

    /// <summary>The runner image of runs that name none.</summary>
    [Required]
    public string RunnerImage { get; set; } = "";

    /// <summary>Pull policy of that image: <c>Always</c>, <c>IfNotPresent</c> (default) or <c>Never</c>.</summary>
    [RegularExpression("^(Always|IfNotPresent|Never)$")]
    public string RunnerImagePullPolicy { get; set; } = "IfNotPresent";

    /// <summary>The gateway's URL as runner pods reach it; its host is what the gateway's certificate is for.</summary>
    [Required]
    [Url]
    public string GatewayUrl { get; set; } = "";

    /// <summary>The operator's own namespace: where its lease and the gateway's authority are kept.</summary>
    [Required]
    public string Namespace { get; set; } = "";

    /// <summary>The operator's own pod name: its identity in the lease.</summary>
    [Required]
    public string PodName { get; set; } = "";

    /// <summary>The Secret that holds the gateway's certificate authority; made at the first start.</summary>
    [Required]
    public string GatewayTlsSecret { get; set; } = "agentoperator-gateway-ca";

    /// <summary>The one namespace to watch; empty (default) watches all.</summary>
    public string WatchNamespace { get; set; } = "";

    /// <summary>TCP port of the gateway (HTTPS). Default 8443.</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 8443;

    /// <summary>TCP port of metrics and health (HTTP). Default 8080.</summary>
    [Range(1, 65535)]
    public int MetricsPort { get; set; } = 8080;

    /// <summary>How many AgentRuns are reconciled at once. Default 4.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 4;
}
