namespace AgentOperator.ModelServer.Chat;

/// <summary>What of a chat completion request decides about its answer.</summary>
/// <param name="Model">The model's name, which names the scenario.</param>
/// <param name="Run">The conversation's identity.</param>
/// <param name="Step">Zero-based step: the assistant messages.</param>
/// <param name="Messages">How many messages there are.</param>
/// <param name="LastRole">The last message's role.</param>
/// <param name="LastText">The last message's text; parts of a list are joined.</param>
/// <param name="BodyLength">The request's size in bytes.</param>
internal sealed record ChatRequest(string Model, string Run, int Step, int Messages, string LastRole, string LastText, int BodyLength);
