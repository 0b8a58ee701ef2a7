using AgentOperator.Api.Validation;

namespace AgentOperator.Api;

/// <summary>
/// The rules that an AgentRun must keep: those of the schema, which an old server checks only in part, and those that a schema cannot say.
/// </summary>
public static class AgentRunValidator
{
    /// <summary>Every rule that the run breaks; empty for a run that can be carried out.</summary>
    public static IReadOnlyList<FieldViolation> Validate(AgentRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var spec = run.Spec;
        if (spec is null)
        {
            return [new FieldViolation("spec", SchemaRules.Missing)];
        }

        var violations = NameRules.Check(run.Metadata?.Name).Concat(SchemaRules.Check(spec, "spec")).ToList();

        // The rules across fields read what must be there.
        if (violations.TrueForAll(violation => violation.Message != SchemaRules.Missing))
        {
            violations.AddRange(TaskRules.Check(spec));
            violations.AddRange(ToolRules.Check(spec.Tools));
            violations.AddRange(ResourceRules.Check(spec.Resources));
            violations.AddRange(RecoveryRules.Check(spec));
            violations.AddRange(SandboxRules.Check(spec.Sandbox));
        }

        return violations;
    }
}
