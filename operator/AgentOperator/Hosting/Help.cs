namespace AgentOperator.Hosting;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Help
{
    public const string Text = """
        AgentOperator: runs AI agents as pods that survive OOM kills, evictions and crashes.

        The operator is configured by environment variables; the Helm chart sets them.

          AgentOperator__RunnerImage            image of runner pods (required)
          AgentOperator__RunnerImagePullPolicy  Always, IfNotPresent (default) or Never
          AgentOperator__RunnerLogFormat        how runners write their logs: text (default) or json
          AgentOperator__RunnerUser             user and group of runner pods (default 65532; empty: the platform chooses)
          AgentOperator__RunnerArch             architecture of the runner image (default amd64; empty: any)
          AgentOperator__GatewayUrl             https URL of the gateway as pods reach it (required)
          AgentOperator__Namespace              the operator's own namespace (required)
          AgentOperator__PodName                the operator's own pod name (required)
          AgentOperator__LeaseName              the lease of this installation (default agent-operator)
          AgentOperator__GatewayTlsSecret       Secret of the gateway's authority (default agentoperator-gateway-ca)
          AgentOperator__WatchNamespace         the one namespace to watch (default: all)
          AgentOperator__GatewayPort            default 8443
          AgentOperator__MaxBodyBytes           request bodies held at once (default 134217728)
          AgentOperator__MaxRunBodyBytes        the same of one run (default 33554432)
          AgentOperator__AllowLinkLocalAddresses  true: models and MCP servers may be at link-local addresses (default false)
          AgentOperator__MetricsPort            default 8080: /metrics, /healthz, /readyz
          AgentOperator__Workers                runs reconciled at once, 1 to 64 (default 4)
          AgentOperator__StreamLists            false: list objects page by page even from servers that stream (default true)
          LOG_LEVEL                             Verbose, Debug, Information (default), Warning, Error

        Exit codes: 0 stopped, 1 failed or lost its lease, 64 unusable configuration.
        """;
}
