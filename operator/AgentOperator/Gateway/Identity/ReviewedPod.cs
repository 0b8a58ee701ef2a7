namespace AgentOperator.Gateway.Identity;

/// <summary>The pod that a token is bound to.</summary>
internal sealed record ReviewedPod(string Namespace, string Name, string Uid);
