using System.Diagnostics;

namespace AgentOperator.Benchmarks.Nodes;

/// <summary>A container's first process as the machine sees it: the container ends with it.</summary>
internal sealed class FirstProcess
{
    /// <summary>How precisely its end is told. A look costs some microseconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly PodProcess _process;

    private FirstProcess(PodProcess process)
    {
        _process = process;

        // The kernel counts it in hundredths of a second.
        using var found = Process.GetProcessById(process.Id);
        StartedAt = new DateTimeOffset(found.StartTime);
    }

    /// <summary>When the container runtime made it, some time before its program began.</summary>
    public DateTimeOffset StartedAt { get; }

    public static async Task<FirstProcess> FindAsync(PodProcesses processes, string podUid, string program, TimeSpan deadline) =>
        new(await Eventually.GetAsync(
        $"the process {program} of pod {podUid}",
        () =>
            Task.FromResult(
                processes.All(program).FirstOrDefault(process => process.Group.Contains(podUid, StringComparison.Ordinal) && IsFirst(process))),
        deadline));

    /// <summary>Kills it, and waits until it has ended.</summary>
    /// <returns>When it had.</returns>
    public async Task<DateTimeOffset> KillAsync()
    {
        await PodProcesses.SignalAsync(_process, "KILL");
        return await EndAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>When it had.</returns>
    public async Task<DateTimeOffset> EndAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (PodProcesses.IsAlive(_process))
        {
            if (TimeProvider.System.GetElapsedTime(since) > Deadline)
            {
                throw new TimeoutException($"Waited {Deadline.TotalSeconds:0} s in vain for the end of process {_process.Id}, {_process.Name}.");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }

        return TimeProvider.System.GetUtcNow();
    }

    /// <summary>Whether its container calls it process 1: those that it forks have its name for a moment.</summary>
    private static bool IsFirst(PodProcess process) => PodProcesses.StatusOf(process).Split('\n')
        .Any(line => line.StartsWith("NSpid:", StringComparison.Ordinal) && line.EndsWith("\t1", StringComparison.Ordinal));
}
