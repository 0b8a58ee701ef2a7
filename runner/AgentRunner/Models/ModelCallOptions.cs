using Microsoft.Extensions.AI;

namespace AgentRunner.Models;

/// <summary>The options of a model call, with what the protocol says and hears about it in headers.</summary>
internal sealed class ModelCallOptions(ModelCall call) : ChatOptions
{
    /// <summary>The call.</summary>
    public ModelCall Call { get; } = call;
}
