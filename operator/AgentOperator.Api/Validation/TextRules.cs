using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AgentOperator.Api.Schema;
using AgentOperator.Protocol;

namespace AgentOperator.Api.Validation;

/// <summary>Validates strings.</summary>
internal static class TextRules
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    public static IEnumerable<FieldViolation> Check(string text, PropertyInfo member, string path)
    {
        if (member.Attribute<QuantityAttribute>() is not null)
        {
            return Quantity.TryParse(text, out _)
                ? []
                : [new FieldViolation(path, $"must be a quantity such as 500m or 512Mi, not '{Shorten(text)}'")];
        }

        if (member.Attribute<AllowedValuesAttribute>() is { } allowed)
        {
            return allowed.Values.Contains(text)
                ? []
                : [new FieldViolation(path, $"must be one of {string.Join(", ", allowed.Values)}, not '{Shorten(text)}'")];
        }

        if (member.Attribute<FormatAttribute>() is { } format && ProblemOf(text, format) is { } problem)
        {
            return [new FieldViolation(path, problem)];
        }

        return Check(
            text,
            path,
            member.Attribute<MinLengthAttribute>()?.Length ?? 0,
            member.Attribute<MaxLengthAttribute>()?.Length ?? int.MaxValue,
            member.Attribute<RegularExpressionAttribute>()?.Pattern);
    }

    /// <summary>Lengths are in Unicode characters, as Kubernetes counts them, not in UTF-16 code units.</summary>
    public static IEnumerable<FieldViolation> Check(string text, string path, int minLength, int maxLength, string? pattern)
    {
        var length = text.EnumerateRunes().Count();
        if (length < minLength)
        {
            yield return new FieldViolation(path, "must not be empty");
        }
        else if (length > maxLength)
        {
            yield return new FieldViolation(
                path, string.Create(CultureInfo.InvariantCulture, $"must have at most {maxLength} characters, not {length}"));
        }
        else if (pattern is not null && !IsMatch(text, pattern))
        {
            yield return new FieldViolation(path, $"'{Shorten(text)}' is not {Patterns.Describe(pattern)}");
        }
    }

    private static string? ProblemOf(string text, FormatAttribute format) => format is HttpUrlAttribute
        ? HttpUrl.TryParse(text, out _, out var problem) ? null : problem
        : IsMatch(text, format.Pattern) ? null : $"{format.Message}, not '{Shorten(text)}'";

    private static bool IsMatch(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, MatchTimeout);

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
