using System.Text.Json;

namespace AgentTools;

/// <summary>
/// Something that the model may call. Knows nothing of the loop, the journal or the gateway, so that it can run in a container of its own.
/// </summary>
public interface ITool
{
    /// <summary>The name that the model calls it by: letters, digits, <c>_</c> and <c>-</c>, at most 64.</summary>
    string Name { get; }

    /// <summary>What the model is told it does.</summary>
    string Description { get; }

    /// <summary>The JSON schema of the arguments.</summary>
    JsonElement Schema { get; }

    /// <summary>
    /// Runs it. Failures and timeouts are outcomes that the model is told, not exceptions.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled: the call was given up and has no outcome.</exception>
    Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken);
}
