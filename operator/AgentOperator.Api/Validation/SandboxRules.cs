using System.Globalization;

namespace AgentOperator.Api.Validation;

/// <summary>Rejects scheduling fields early that the API server would reject in a pod.</summary>
internal static class SandboxRules
{
    private const string Tolerations = "spec.sandbox.tolerations";

    public static IEnumerable<FieldViolation> Check(SandboxSpec sandbox) =>
    [
        .. sandbox.NodeSelector.SelectMany(label => LabelRules.Check(label, $"spec.sandbox.nodeSelector[{label.Key}]")),
        .. sandbox.Tolerations.SelectMany((toleration, index) =>
            CheckToleration(toleration, string.Create(CultureInfo.InvariantCulture, $"{Tolerations}[{index}]"))),
    ];

    private static IEnumerable<FieldViolation> CheckToleration(TolerationSpec toleration, string path)
    {
        var exists = toleration.Operator == "Exists";
        if (string.IsNullOrEmpty(toleration.Key) && !exists)
        {
            yield return new FieldViolation($"{path}.operator", "must be Exists when no key is given");
        }

        if (exists && !string.IsNullOrEmpty(toleration.Value))
        {
            yield return new FieldViolation($"{path}.value", "cannot be given with the operator Exists");
        }

        if (toleration.TolerationSeconds is not null && toleration.Effect != "NoExecute")
        {
            yield return new FieldViolation($"{path}.effect", "must be NoExecute when tolerationSeconds is given");
        }
    }
}
