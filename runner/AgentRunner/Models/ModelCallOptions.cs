using Microsoft.Extensions.AI;

namespace AgentRunner.Models;

/// <summary>The options of a model call, with the protocol's headers for it.</summary>
internal sealed class ModelCallOptions(ModelCall call) : ChatOptions
{
    /// <summary>The call.</summary>
    public ModelCall Call { get; } = call;
}
