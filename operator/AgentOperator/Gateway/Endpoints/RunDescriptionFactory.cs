using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>What a runner is told of its run: the spec as it was frozen, the limits as they are now.</summary>
internal static class RunDescriptionFactory
{
    /// <summary>Heartbeats in one heartbeatTimeoutSeconds: a few may be lost before a runner counts as hung.</summary>
    private const int HeartbeatsPerTimeout = 6;

    /// <summary>What of a run can change while an attempt works, as it is now.</summary>
    public static RunTerms TermsOf(AgentRun run, DateTimeOffset now)
    {
        var limits = run.Spec.Limits;
        return new RunTerms(
            run.Metadata.Generation ?? 0,
            new RunLimits(limits.MaxSteps, limits.MaxTokens, limits.StepTimeoutSeconds, limits.MaxToolOutputBytes, limits.MaxContextBytes),
            now,
            RunStart.Of(run) + (limits.ActiveDeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
    }

    public static RunDescription Create(AgentRun run, RunStartedPayload started, JournalHead head, int epoch, DateTimeOffset now)
    {
        var spec = FrozenSpec.Read(started.Spec);
        var terms = TermsOf(run, now);
        return new RunDescription
        {
            Name = run.Metadata.Name,
            Namespace = run.Metadata.NamespaceProperty,
            Uid = run.Metadata.Uid,
            Lineage = started.Lineage,
            Epoch = epoch,
            Generation = terms.Generation,
            HeadSequence = head.Sequence,
            Time = now,
            Deadline = terms.Deadline,
            Task = spec.Task ?? "",
            Instructions = spec.Instructions,
            Model = new ModelParameters(spec.Model.Name, spec.Model.MaxOutputTokens),
            Tools = [.. spec.Tools.Select(tool => new ToolDefinition
            {
                Name = tool.Name, Effect = tool.Effect, McpUrl = tool.Mcp?.Url, McpCaBundle = tool.Mcp?.CaBundle, Allow = tool.Allow,
            })],
            Limits = terms.Limits,
            HeartbeatSeconds = Math.Max(1, run.Spec.Recovery.HeartbeatTimeoutSeconds / HeartbeatsPerTimeout),
        };
    }
}
