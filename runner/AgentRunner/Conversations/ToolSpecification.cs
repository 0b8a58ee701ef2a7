namespace AgentRunner.Conversations;

/// <summary>A tool as the model is told of it.</summary>
/// <param name="Name">The advertised name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">The JSON schema of its arguments, exactly as advertised.</param>
internal sealed record ToolSpecification(string Name, string Description, string Schema);
