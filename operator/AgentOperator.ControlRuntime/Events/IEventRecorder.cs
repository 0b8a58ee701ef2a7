using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Records Kubernetes Events (<c>v1</c>, with what <c>events.k8s.io/v1</c> requires) for users. It never blocks and never throws: an event is queued,
/// and dropped and counted when the queue is full or the server refuses it. Repetitions become one Event with a series.
/// </summary>
public interface IEventRecorder
{
    /// <summary>Records an event.</summary>
    /// <param name="regarding">The object it is about; the event lives in its namespace.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">Why, as one CamelCase word.</param>
    /// <param name="action">What was done, as one CamelCase word.</param>
    /// <param name="note">A sentence for a human; cut at 1024 bytes of UTF-8. Never a prompt, key or token.</param>
    /// <param name="related">Another object that took part, if any.</param>
    void Record(V1ObjectReference regarding, string type, string reason, string action, string note, V1ObjectReference? related = null);
}
