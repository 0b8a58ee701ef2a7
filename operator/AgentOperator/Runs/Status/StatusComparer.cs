using System.Text.Json;
using AgentOperator.Api;

namespace AgentOperator.Runs.Status;

/// <summary>Tells whether a status has to be written, and how soon.</summary>
internal static class StatusComparer
{
    public static StatusChange Compare(AgentRunStatus? current, AgentRunStatus desired)
    {
        if (Same(current, desired))
        {
            return StatusChange.None;
        }

        return Same(WithoutProgress(current), WithoutProgress(desired)) ? StatusChange.Progress : StatusChange.Transition;
    }

    private static bool Same(AgentRunStatus? one, AgentRunStatus? other) => JsonElement.DeepEquals(Json(one), Json(other));

    private static JsonElement Json(AgentRunStatus? status) => JsonSerializer.SerializeToElement(status ?? new AgentRunStatus(), ApiJson.TypeInfo<AgentRunStatus>());

    private static AgentRunStatus? WithoutProgress(AgentRunStatus? status) => status is null ? null : status with { Checkpoint = null, Progress = null, Usage = null };
}
