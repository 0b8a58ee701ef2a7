using AgentRunner.Conversations;
using AgentRunner.Gateway;

namespace AgentRunner.Models;

/// <summary>Asks the model through the gateway.</summary>
internal interface IModelClient
{
    /// <summary>Asks for the next answer of a conversation.</summary>
    /// <returns>The committed answer; null when it is committed but the reply cannot be used, so that the journal must be read.</returns>
    /// <exception cref="GatewayException">There is no answer.</exception>
    Task<ModelAnswer?> AnswerAsync(Conversation conversation, string stepKey, CancellationToken cancellationToken);
}
