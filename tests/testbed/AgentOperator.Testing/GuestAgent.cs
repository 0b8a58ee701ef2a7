using System.Text.RegularExpressions;
using k8s.Models;

namespace AgentOperator.Testing;

/// <summary>The agent of a pod on a guest, as that guest's kernel sees it.</summary>
/// <param name="guests">The guests.</param>
/// <param name="pod">The pod, bound to one of them.</param>
internal sealed partial class GuestAgent(GuestNodes guests, V1Pod pod)
{
    /// <summary>Sends the agent a signal.</summary>
    /// <param name="signal">The signal's name, such as STOP.</param>
    public async Task SignalAsync(string signal) => (await AskAsync($"kill -{signal} \"$process\"")).OrThrow();

    /// <summary>Whether the agent's process is there, stopped or not.</summary>
    public async Task<bool> IsAliveAsync() => (await AskAsync("true")).Succeeded;

    /// <summary>The counters and the switch of the container's control group, and the pod's counters, on one line.</summary>
    public async Task<string> MemoryAsync() => (await AskAsync(
        """
        echo "memory.oom.group=$(cat "$group/memory.oom.group")" \
          "memory.events=($(tr '\n' ',' <"$group/memory.events"))" \
          "pod's memory.events=($(tr '\n' ',' <"$group/../memory.events"))"
        """)).OrThrow().Output.Trim().Replace(",)", ")", StringComparison.Ordinal);

    /// <summary>The kernel's own lines on processes of this pod that it killed for memory, with short names for the pod and its containers.</summary>
    public async Task<IReadOnlyList<string>> KernelLogAsync()
    {
        var log = await guests.TryScriptAsync(pod.Spec.NodeName, $"dmesg | grep -E '(oom-kill:|Tasks in ).*pod{pod.Metadata.Uid}' || true");
        return
        [
            .. log.OrThrow().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => GroupNames().Replace(Prefix().Replace(line, ""), match => match.Groups["container"].Success ? "CONTAINER" : "POD")),
        ];
    }

    [GeneratedRegex(@"^\[[\s.\d]+\]\s*")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"/kubepods/[^,\s]*?pod[-0-9a-f]+(?<container>/[0-9a-f]+)?")]
    private static partial Regex GroupNames();

    /// <summary>Runs a command with the agent's process id in <c>$process</c> and the folder of its control group in <c>$group</c>.</summary>
    private async Task<CommandResult> AskAsync(string command)
    {
        var script = $$"""
            pod=$(find /sys/fs/cgroup/kubepods -type d -name 'pod{{pod.Metadata.Uid}}')
            for group in "$pod"/*/; do
              group=${group%/}
              for process in $(cat "$group/cgroup.procs"); do
                if [ "$(cat "/proc/$process/comm")" = {{PodProcesses.Runner}} ]; then
                  {{command}}
                  exit
                fi
              done
            done 2>/dev/null
            exit 1
            """;
        return await guests.TryScriptAsync(pod.Spec.NodeName, script);
    }
}
