namespace AgentOperator.Gateway.Models;

/// <summary>A call waited in a limit that its ModelEndpoint has no longer. It is to be made under the limits that hold now.</summary>
internal sealed class EndpointChangedException() : Exception("The ModelEndpoint has changed.");
