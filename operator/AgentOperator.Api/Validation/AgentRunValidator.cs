using AgentOperator.Api.Validation;

namespace AgentOperator.Api;

/// <summary>
/// Validates an AgentRun: the rules of the schema, which old API servers check only in part, and rules that a schema cannot express.
/// </summary>
public static class AgentRunValidator
{
    /// <summary>All violations; empty for a valid run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="allowLinkLocal">Whether MCP servers may be at link-local and metadata addresses.</param>
    public static IReadOnlyList<FieldViolation> Validate(AgentRun run, bool allowLinkLocal = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        var spec = run.Spec;
        if (spec is null)
        {
            return [new FieldViolation("spec", SchemaRules.Missing)];
        }

        var violations = NameRules.Check(run.Metadata?.Name).Concat(SchemaRules.Check(spec, "spec")).ToList();

        // Rules across fields assume that required fields are present.
        if (violations.TrueForAll(violation => violation.Message != SchemaRules.Missing))
        {
            violations.AddRange(TaskRules.Check(spec));
            violations.AddRange(ParameterRules.Check(spec.Model.Parameters, "spec.model.parameters"));
            violations.AddRange(ToolRules.Check(spec.Tools, allowLinkLocal));
            violations.AddRange(ResourceRules.Check(spec.Resources));
            violations.AddRange(RecoveryRules.Check(spec));
            violations.AddRange(SandboxRules.Check(spec.Sandbox));
            violations.AddRange(PodTemplateRules.Check(spec.PodTemplate));
        }

        return violations;
    }
}
