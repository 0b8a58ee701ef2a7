using AgentOperator.Chaos.Oracles;
using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Chaos.Operators;

/// <summary>What users are told: the oracle reads it for what must not be told.</summary>
internal sealed class EventCollector(StatusOracle oracle) : IEventRecorder
{
    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note, V1ObjectReference? related = null) =>
        oracle.Told(regarding.Name, note);
}
