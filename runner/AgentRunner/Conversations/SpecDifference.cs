using System.Text.Json;

namespace AgentRunner.Conversations;

/// <summary>Names what changed between the spec that the journal froze and what this attempt was given.</summary>
internal static class SpecDifference
{
    /// <summary>A sentence that names the fields that differ; it never quotes them, since they hold prompts.</summary>
    public static string Describe(JsonElement spec, Conversation conversation)
    {
        var prompt = conversation.Prompt;
        var changed = new List<string>();
        if (Text(spec, "task") is { } task && task != prompt.Task)
        {
            changed.Add("task");
        }

        // Absent and empty instructions send the same request.
        if (spec.ValueKind == JsonValueKind.Object && (Text(spec, "instructions") ?? "") != (prompt.Instructions ?? ""))
        {
            changed.Add("instructions");
        }

        if (spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty("model", out var model))
        {
            if (Text(model, "name") is { } name && name != prompt.Model.Name)
            {
                changed.Add("model.name");
            }

            if (Number(model, "maxOutputTokens") != prompt.Model.MaxOutputTokens)
            {
                changed.Add("model.maxOutputTokens");
            }
        }

        return changed.Count > 0
            ? $"Changed since the run started: {string.Join(", ", changed)}."
            : conversation.AreToolsListed ? "Task, instructions, model and tools are unchanged; the runner image changed."
            : "Task, instructions and model are unchanged; the advertised tools differ: an MCP server lists other tools, or the runner image "
                + "changed. "
                + $"Advertised now: {Names(prompt)}.";
    }

    private static string Names(Prompt prompt) =>
        prompt.Tools.Count == 0 ? "none" : string.Join(", ", prompt.Tools.Select(tool => tool.Name));

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
