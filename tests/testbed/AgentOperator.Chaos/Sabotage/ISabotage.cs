using AgentOperator.Chaos.Engine;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;

namespace AgentOperator.Chaos.Sabotage;

/// <summary>Breaks one rule of the product from outside, so that the oracles can be seen to notice.</summary>
internal interface ISabotage
{
    /// <summary>The journal that a replica uses.</summary>
    IJournalStore Journal(IJournalStore journal, Simulator simulator, SimulatedProcess process) => journal;

    /// <summary>What tells a replica whose token it is.</summary>
    ITokenReviewer Reviewer(ITokenReviewer reviewer, World world) => reviewer;

    /// <summary>A runner's way to the gateway.</summary>
    HttpMessageHandler Runner(HttpMessageHandler transport) => transport;
}
