using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Judging;

namespace AgentOperator.Chaos.Oracles;

/// <summary>What users see (I5, I7): a run ends once, its status stays small, and nothing confidential is told.</summary>
internal sealed class StatusOracle(Findings findings)
{
    private const int MaxStatusBytes = 16 * 1024;

    public void Applied(AgentRun run, AgentRunStatus status, string by)
    {
        var name = run.Metadata.Name;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(status, ApiJson.TypeInfo<AgentRunStatus>());
        if (bytes.Length > MaxStatusBytes)
        {
            findings.Add(FindingKind.Other, name, $"a status of {bytes.Length} bytes");
        }

        if (bytes.AsSpan().IndexOf("CONFIDENTIAL"u8) >= 0)
        {
            findings.Add(FindingKind.Other, name, "the status tells what is confidential");
        }

        if (Phases.IsTerminal(run.Status?.Phase) && run.Status!.Phase != status.Phase)
        {
            findings.Add(FindingKind.Orphan, name, $"{by} changes its phase from {run.Status.Phase} to {status.Phase}");
        }
    }

    /// <summary>An event was recorded, or a ModelEndpoint's status was written.</summary>
    public void Told(string name, string note)
    {
        if (note.Contains(AgentProgram.Secret, StringComparison.Ordinal))
        {
            findings.Add(FindingKind.Other, name, "an event or a ModelEndpoint's status tells what is confidential");
        }
    }
}
