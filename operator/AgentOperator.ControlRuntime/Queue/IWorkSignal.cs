namespace AgentOperator.ControlRuntime;

/// <summary>Counts the keys that wait in a queue, and wakes one worker for each.</summary>
internal interface IWorkSignal : IDisposable
{
    /// <summary>Waits for a key. The caller goes on elsewhere than in <see cref="Release"/>: that is called under the queue's lock.</summary>
    Task WaitAsync();

    /// <summary>One more key waits.</summary>
    int Release();
}
