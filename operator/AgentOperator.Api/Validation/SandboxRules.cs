using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentOperator.Api.Validation;

/// <summary>Rejects scheduling fields early that the API server would reject in a pod.</summary>
internal static partial class SandboxRules
{
    private const string Tolerations = "spec.sandbox.tolerations";

    public static IEnumerable<FieldViolation> Check(SandboxSpec sandbox) =>
        sandbox.NodeSelector.SelectMany(CheckLabel).Concat(sandbox.Tolerations.SelectMany((toleration, index) =>
            CheckToleration(toleration, string.Create(CultureInfo.InvariantCulture, $"{Tolerations}[{index}]"))));

    private static IEnumerable<FieldViolation> CheckLabel(KeyValuePair<string, string> label)
    {
        var path = $"spec.sandbox.nodeSelector[{label.Key}]";
        if (!LabelKey().IsMatch(label.Key))
        {
            yield return new FieldViolation(path, "is not a label key, such as disk or example.com/disk");
        }

        if (!LabelValue().IsMatch(label.Value))
        {
            yield return new FieldViolation(path, "can only have letters, digits, '-', '_' and '.', and must begin and end with a letter or digit");
        }
    }

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

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$")]
    private static partial Regex LabelKey();

    [GeneratedRegex("^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$")]
    private static partial Regex LabelValue();
}
