using AgentRunner.Gateway;
using AgentRunner.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.SemanticKernel;

namespace AgentRunner.Tests.Fakes;

/// <summary>Makes the runner's own model client.</summary>
internal static class ModelClients
{
    /// <param name="chat">What it asks.</param>
    /// <param name="patience">How long it tries again; zero for not at all.</param>
    /// <param name="timeout">How long one call may take.</param>
    public static ModelClient Of(IChatClient chat, TimeSpan patience, TimeSpan timeout)
    {
        var kernel = Kernel.CreateBuilder();
        kernel.Services.AddSingleton(chat);
        var retry = new GatewayRetry(patience, TimeProvider.System, NullLogger<GatewayRetry>.Instance, () => 0);
        return new ModelClient(kernel.Build(), retry, () => timeout, TimeProvider.System);
    }
}
