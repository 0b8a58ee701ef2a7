using AgentOperator.Protocol;

namespace AgentRunner;

/// <summary>The text of <c>--help</c>.</summary>
internal static class Help
{
    public const string Text = $"""
        AgentRunner: carries out one attempt of an AgentRun. The operator starts it in a pod; it takes no arguments.

        Environment:
          {RunnerEnvironment.GatewayUrl}    base URL of the gateway (required)
          {RunnerEnvironment.TokenFile}     path of the projected token (required)
          {RunnerEnvironment.GatewayCa}     certificate authority of the gateway, PEM (without it the system's are trusted)
          {RunnerEnvironment.Workspace}      folder that the tools work in (default /workspace)
          {RunnerEnvironment.GraceSeconds}  the pod's grace period in seconds (default 30)
          {RunnerEnvironment.LogFormat}     text (default) or json
          {RunnerEnvironment.TerminationLog}  where the report goes (default /dev/termination-log)
          {RunnerEnvironment.Run}, {RunnerEnvironment.Attempt}    passed on to the tools
          {RunnerEnvironment.CommandVariables}    names of more variables to pass on to commands, separated by commas

        Exit codes:
          0   the run's end is committed
          1   a failure without a code of its own
          64  the spec or the environment cannot be used
          65  a limit of steps, tokens or time was reached
          66  fenced: a newer attempt owns the run, or the journal cannot be used or no longer matches
          69  the gateway, the model endpoint or an MCP server stayed unavailable
          70  the runner's own heap was exhausted
          71  a defect of the runner
          75  stopped on request; a later attempt goes on
          77  the provider refused the request itself
        """;
}
