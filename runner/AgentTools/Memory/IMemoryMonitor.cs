namespace AgentTools;

/// <summary>Reads the counters of the control group that this process and its children live in.</summary>
public interface IMemoryMonitor
{
    /// <summary>The counters now; null when there is no readable memory control group.</summary>
    MemoryCounters? Read();
}
