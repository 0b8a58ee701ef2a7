using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>One Event on the server and how often it was seen since.</summary>
internal sealed class EventSeries(Corev1Event written, DateTimeOffset seen)
{
    /// <summary>The Event as it was created.</summary>
    public Corev1Event Written => written;

    /// <summary>How often it was seen.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>How often the server knows it was seen.</summary>
    public int WrittenCount { get; set; } = 1;

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset LastSeen { get; private set; } = seen;

    public void See(DateTimeOffset time)
    {
        Count++;
        LastSeen = time;
    }
}
