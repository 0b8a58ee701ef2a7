using System.ComponentModel.DataAnnotations;

namespace AgentOperator.ControlRuntime;

/// <summary>How the control runtime behaves. The defaults are those of the field's own controllers.</summary>
public sealed class ControlRuntimeOptions
{
    /// <summary>The meter of the control runtime's instruments.</summary>
    public const string MeterName = "AgentOperator.ControlRuntime";

    /// <summary>The controller's name in Events (<c>reportingController</c>). Default <c>agentoperator.dev/operator</c>.</summary>
    [Required]
    [MaxLength(128)]
    public string ReportingController { get; set; } = "agentoperator.dev/operator";

    /// <summary>False to reconcile without a lease: only for one replica on a developer's machine. Default true.</summary>
    public bool LeaderElection { get; set; } = true;

    /// <summary>The namespace of the Lease. Default: the pod's own namespace, else <c>default</c>.</summary>
    public string? LeaseNamespace { get; set; }

    /// <summary>The name of the Lease. Default <c>agent-operator</c>.</summary>
    [Required]
    public string LeaseName { get; set; } = "agent-operator";

    /// <summary>This process in the Lease. Default: the host's name and a random part, so that a restarted pod is a new holder.</summary>
    public string? Identity { get; set; }

    /// <summary>How long others wait after the last renewal they saw before they take the lease. Whole seconds. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the leader tries to renew before it gives up and is a candidate again. Less than <see cref="LeaseDuration" />. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan RenewDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two tries to acquire or renew. Less than <see cref="RenewDeadline" />. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one reconcile may take before it is cancelled and retried. Default 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan ReconcileTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a graceful stop lets running reconciles finish before it cancels them, and how long after the loss of the lease cancelled ones
    /// may take to end before the process does. Keep it below the host's shutdown timeout (30 s). Default 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause after a key's first failure; it doubles with each further one. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two tries of a failing key. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the server is asked to keep a watch open; each watch adds up to as much again at random, so that they do not all end at once.
    /// Default 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WatchTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a watch may be silent before it counts as half-dead and is opened anew. The server sends a bookmark about every minute. Default
    /// 3 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan WatchIdleTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The longest pause between two tries to list or watch while the API server fails; the first is 800 ms. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.800", "01:00:00")]
    public TimeSpan WatchMaxBackoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// True to read the current objects of a kind as a stream from servers that can do so (Kubernetes 1.34 and later; 1.32 with the feature gate
    /// WatchList), which takes less memory than a list. Other servers are asked for lists. Default true.
    /// </summary>
    public bool StreamLists { get; set; } = true;

    /// <summary>Events that wait to be written; more are dropped and counted. Default 1000.</summary>
    [Range(1, 100000)]
    public int EventQueueLength { get; set; } = 1000;

    /// <summary>How often the count of a repeated Event is written. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan EventSeriesInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When a repeated Event that was not seen again is over, so that the next one is a new Event. Default 6 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan EventSeriesIdleTimeout { get; set; } = TimeSpan.FromMinutes(6);
}
