using System.Globalization;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using k8s.Autorest;
using Microsoft.Net.Http.Headers;

namespace AgentOperator.Gateway.Identity;

/// <summary>
/// Maps a request's token to a run and an epoch. The pod's name gives both (<c>run-epoch</c>); that the pod really owns the epoch is
/// proved by its UID, which the operator committed to the journal when it claimed the epoch. A pod that merely has such a name gets nowhere.
/// </summary>
internal sealed class RunnerAuthenticator(RunnerTokens tokens, AcceptedRuns runs)
{
    private const string Scheme = "Bearer ";

    public async Task<(RunnerIdentity Runner, AgentRun Run)> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw GatewayException.Unauthorized("a bearer token is needed: the pod's projected token for this gateway's audience");
        }

        ReviewedPod pod;
        try
        {
            pod = await tokens.FindPodAsync(
                header[Scheme.Length..].Trim(), request.HttpContext.Connection.RemoteIpAddress, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpOperationException or HttpRequestException)
        {
            throw new JournalException(Protocol.ErrorCodes.JournalUnavailable, "the API server does not answer the token review", inner: exception);
        }

        if (!TryParse(pod.Name, out var name, out var epoch))
        {
            throw GatewayException.NotARunner($"pod {pod.Namespace}/{pod.Name} is not a runner of an AgentRun");
        }

        var key = new ObjectKey(pod.Namespace, name);
        var run = await runs.FindAsync(key, cancellationToken)
            ?? throw GatewayException.NotARunner($"there is no AgentRun {key}");
        return (new RunnerIdentity(new RunIdentity(pod.Namespace, name, run.Metadata.Uid), new Writer(epoch, pod.Uid), pod.Name), run);
    }

    private static bool TryParse(string pod, out string run, out int epoch)
    {
        var dash = pod.LastIndexOf('-');
        run = dash > 0 ? pod[..dash] : "";
        epoch = 0;
        return dash > 0 && int.TryParse(pod.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out epoch) && epoch > 0;
    }
}
