using Microsoft.AspNetCore.Hosting.Server;

namespace AgentOperator.ModelServer.Chat;

/// <summary>What <c>{{effects}}</c> stands for.</summary>
internal sealed class EffectsAddress(ModelServerOptions options, IServer server)
{
    /// <summary>The address, without a slash at the end. The server's own is known once it listens.</summary>
    public string Url => options.EffectsUrl?.TrimEnd('/') ?? new Uri(ListenAddress.Of(server), "effects").ToString();
}
