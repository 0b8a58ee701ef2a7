using System.Text.Json;

namespace AgentOperator.ModelServer.Scenarios;

/// <summary>The rules that a scenario's values keep.</summary>
internal static class ScenarioValidator
{
    /// <exception cref="ScenarioFormatException">A rule is broken; the message names the step and the rule.</exception>
    public static void Validate(string name, Scenario scenario)
    {
        if (scenario.Steps.Count == 0)
            throw new ScenarioFormatException($"Scenario '{name}' has no steps.");
        for (var i = 0; i < scenario.Steps.Count; i++)
        {
            if (Problem(scenario.Steps[i]) is { } problem)
                throw new ScenarioFormatException($"Scenario '{name}', steps[{i}]: {problem}");
        }
    }

    private static string? Problem(ScenarioStep step)
    {
        if (step.Text is null && step.ToolCalls.Count == 0 && step.Raw is null)
            return "needs text, toolCalls or raw.";
        if (step.Repeat < 1)
            return "repeat is at least 1.";
        if (step.DelayMs < 0)
            return "delayMs is not negative.";
        if (step.ToolCalls.Any(call => call.Name.Length == 0))
            return "each of toolCalls needs a name.";
        if (step.Usage is { } usage && (usage.Prompt < 0 || usage.Completion < 0 || usage.Cached < 0))
            return "usage is not negative.";
        return step.Faults.Select(Problem).FirstOrDefault(problem => problem is not null)
            ?? (step.Quirks.Contains(StepQuirk.ArgumentsAsObject) && !step.ToolCalls.All(call => IsJson(call.Arguments))
                ? "the quirk argumentsAsObject needs arguments that are JSON."
                : null)
            ?? Texts(step).Select(Placeholders.FindUnknown).Where(unknown => unknown is not null)
                .Select(unknown => $"the placeholder {unknown} is not known; there are {Placeholders.Known}.").FirstOrDefault();
    }

    private static string? Problem(ScenarioFault fault)
    {
        if (fault.KindCount != 1)
            return "a fault is exactly one of status, malformed, drop, emptyChoices, truncated, emptyBody.";
        if (fault.Status is < 400 or > 599)
            return "a fault's status lies between 400 and 599.";
        if (fault.Status is null && (fault.Code ?? fault.Message ?? (object?)fault.RetryAfterSeconds ?? fault.RetryAfterMs) is not null)
            return "code, message, retryAfterSeconds and retryAfterMs need a status.";
        return fault.Times < 1 ? "a fault's times is at least 1." : null;
    }

    private static bool IsJson(ToolArguments arguments)
    {
        try
        {
            // Placeholders may stand where JSON wants a number.
            using var document = JsonDocument.Parse(new Placeholders(0, "run", "http://effects").Fill(arguments.Text));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Texts(ScenarioStep step) =>
        step.ToolCalls.Select(call => call.Arguments.Text).Append(step.Text ?? "").Append(step.Expect?.Contains ?? "");
}
