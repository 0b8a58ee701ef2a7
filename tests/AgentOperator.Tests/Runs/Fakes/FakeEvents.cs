using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Keeps the reasons and notes of events.</summary>
internal sealed class FakeEvents : IEventRecorder
{
    public List<(string Reason, string Note)> Recorded { get; } = [];

    /// <summary>The type of each event.</summary>
    public List<string> Types { get; } = [];

    public IEnumerable<string> Reasons => Recorded.Select(recorded => recorded.Reason);

    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note, V1ObjectReference? related = null)
    {
        Recorded.Add((reason, note));
        Types.Add(type);
    }
}
