using AgentOperator.Api;
using AgentOperator.Gateway.Identity;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>One route of the gateway. It is called with a runner whose token was checked; see <see cref="RunnerRequests"/>.</summary>
internal interface IGatewayEndpoint
{
    /// <summary>The HTTP method.</summary>
    string Method { get; }

    /// <summary>The path.</summary>
    string Path { get; }

    /// <summary>Serves a request. Whether the runner still owns its run is for the endpoint to check, against the journal.</summary>
    /// <exception cref="GatewayException">The request is refused.</exception>
    /// <exception cref="Journal.JournalException">The journal refuses the request or does not answer.</exception>
    Task HandleAsync(HttpContext context, RunnerIdentity runner, AgentRun run);
}
