using System.Net.Http.Headers;

namespace AgentRunner.Gateway;

/// <summary>Puts the pod's token on every request.</summary>
internal sealed class AuthorizationHandler(TokenFile token, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await token.ReadAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
