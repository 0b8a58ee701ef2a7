using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Which of a ModelEndpoint's parameters a provider refuses, by its error. A person can correct it there, so it ends no run. A run's own parameters
/// are the run's own fault.
/// </summary>
internal static class RefusedParameter
{
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>What such a call comes to; null if the error names none of the parameters.</summary>
    public static ProviderOutcome? Find(ProviderRequest request, ProviderResponse response)
    {
        var error = Encoding.UTF8.GetString(response.Body.Span[..Math.Min(response.Body.Length, MaxErrorBytes)]);
        var sent = request.Endpoint.Spec.Parameters?.Keys.Where(name => request.RunParameters?.ContainsKey(name) != true) ?? [];
        return sent.FirstOrDefault(name => IsQuoted(name, error) || RefusedFields.IsRefused(name, error)) is { } refused
            ? new ProviderOutcome.NeedsPerson(
                Reasons.ParameterRefused,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The model endpoint answered {response.Status} because of '{refused}'. Correct spec.parameters of the ModelEndpoint."))
            : null;
    }

    /// <summary>Names of parameters are words, too: an error is about one if it quotes it.</summary>
    private static bool IsQuoted(string name, string error) =>
        name.Length > 0 && Regex.IsMatch(error, $$"""["'`]{{Regex.Escape(name)}}\\?["'`](?!\s*:)""", RegexOptions.CultureInvariant);
}
