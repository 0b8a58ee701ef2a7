namespace AgentOperator.Protocol;

/// <summary>Environment variables that the operator sets on a runner pod, and that the runner sets on its tools.</summary>
public static class RunnerEnvironment
{
    /// <summary>The prefix of the names that belong to the operator.</summary>
    public const string Prefix = "AGENT_";

    /// <summary>Base URL of the gateway, such as <c>https://agent-operator-gateway.agents.svc:8443</c>.</summary>
    public const string GatewayUrl = "AGENT_GATEWAY_URL";

    /// <summary>PEM of the certificate authority that signs the gateway's certificate.</summary>
    public const string GatewayCa = "AGENT_GATEWAY_CA";

    /// <summary>Path of the projected, audience-bound token. The kubelet replaces the file while the pod runs.</summary>
    public const string TokenFile = "AGENT_TOKEN_FILE";

    /// <summary>The attempt's number, from 1. Also its epoch.</summary>
    public const string Attempt = "AGENT_ATTEMPT";

    /// <summary>The run's name.</summary>
    public const string Run = "AGENT_RUN";

    /// <summary>The run's namespace.</summary>
    public const string Namespace = "AGENT_NAMESPACE";

    /// <summary>The writable working directory of the tools; empty at the start of each attempt.</summary>
    public const string Workspace = "AGENT_WORKSPACE";

    /// <summary>The pod's termination grace period: seconds between SIGTERM and SIGKILL. Default: 30.</summary>
    public const string GraceSeconds = "AGENT_GRACE_SECONDS";

    /// <summary>The runner's log format: <c>text</c> for people (the default) or <c>json</c>, one object per line.</summary>
    public const string LogFormat = "AGENT_LOG_FORMAT";

    /// <summary>
    /// Where the runner writes its report; <see cref="TerminationReport.Path"/> if it is not set. The operator does not set it: it is for runners
    /// outside a pod.
    /// </summary>
    public const string TerminationLog = "AGENT_TERMINATION_LOG";

    /// <summary>Names of the variables of the run's podTemplate, separated by commas. The runner passes them on to commands.</summary>
    public const string CommandVariables = "AGENT_COMMAND_VARIABLES";

    /// <summary>Set for commands of Keyed tools. A call has the same key in every attempt.</summary>
    public const string IdempotencyKey = "IDEMPOTENCY_KEY";

    /// <summary>The audience that runner tokens are bound to.</summary>
    public const string TokenAudience = "agentoperator";
}
