using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentOperator.Api.Validation;

/// <summary>The headers of a ModelEndpoint must be sendable, and leave alone what the gateway sends itself. No message quotes a value.</summary>
internal static partial class HeaderRules
{
    private const string Authorization = "Authorization";

    public static IEnumerable<FieldViolation> Check(ModelEndpointSpec spec) => spec.Headers.SelectMany((header, index) =>
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"spec.headers[{index}]");
        return Check(header, path, spec.ApiKeySecretRef is not null).Concat(CheckUnique([.. spec.Headers.Take(index)], header.Name, path));
    });

    private static IEnumerable<FieldViolation> Check(HeaderSpec header, string path, bool hasApiKey)
    {
        if (Reserved().IsMatch(header.Name))
        {
            yield return new FieldViolation($"{path}.name", $"{header.Name} is a header that the gateway sets itself");
        }
        else if (hasApiKey && header.Name.Equals(Authorization, StringComparison.OrdinalIgnoreCase))
        {
            yield return new FieldViolation($"{path}.name", $"{header.Name} cannot be given together with apiKeySecretRef");
        }

        if (header.Value is null && header.SecretKeyRef is null)
        {
            yield return new FieldViolation($"{path}.value", "is required, unless secretKeyRef is given");
        }
        else if (header.Value is not null && header.SecretKeyRef is not null)
        {
            yield return new FieldViolation($"{path}.value", "cannot be given together with secretKeyRef");
        }
        else if (header.Value is { } value && !Sendable().IsMatch(value))
        {
            yield return new FieldViolation($"{path}.value", "must be printable ASCII without spaces at its ends");
        }
    }

    /// <summary>Names that differ only in case are one header. Equal ones are found by the schema's rule.</summary>
    private static IEnumerable<FieldViolation> CheckUnique(List<HeaderSpec> before, string name, string path)
    {
        var same = before.FindIndex(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (same >= 0 && before[same].Name != name)
        {
            yield return new FieldViolation(
                $"{path}.name", string.Create(CultureInfo.InvariantCulture, $"'{name}' is already used by spec.headers[{same}]"));
        }
    }

    [GeneratedRegex(
        "^(host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|accept-encoding|idempotency-key)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"\A[!-~]([ -~]*[!-~])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sendable();
}
