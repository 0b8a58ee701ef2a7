using System.Text.RegularExpressions;

namespace AgentOperator.Api.Validation;

/// <summary>Validates labels, and keys of annotations.</summary>
internal static partial class LabelRules
{
    public static IEnumerable<FieldViolation> Check(KeyValuePair<string, string> label, string path)
    {
        var violations = CheckKey(label.Key, "a label key", path);
        return LabelValue().IsMatch(label.Value)
            ? violations
            : [
                .. violations,
                new FieldViolation(path, "can only have letters, digits, '-', '_' and '.', and must begin and end with a letter or digit"),
            ];
    }

    public static IEnumerable<FieldViolation> CheckKey(string key, string kind, string path) =>
        Key().IsMatch(key) ? [] : [new FieldViolation(path, $"is not {kind}, such as disk or example.com/disk")];

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$")]
    private static partial Regex Key();

    [GeneratedRegex("^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$")]
    private static partial Regex LabelValue();
}
