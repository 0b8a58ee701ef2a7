using System.Buffers;
using System.Globalization;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Reads when a provider wants to be asked again. Providers say it in several headers and several notations; nonsense is ignored.</summary>
internal static class RetryTimes
{
    /// <summary>A provider that names a longer time than this is asked again after this.</summary>
    public static readonly TimeSpan Longest = EndpointOutage.LongestPause;

    private const string ResetPrefix = "x-ratelimit-reset";

    /// <summary>Larger numbers are no seconds but a time in Unix seconds.</summary>
    private const double FirstUnixSeconds = 1e9;

    /// <summary>Larger numbers are a time in Unix milliseconds.</summary>
    private const double FirstUnixMilliseconds = 1e11;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 1e-3), ("us", 1e-6), ("\u00B5s", 1e-6), ("ns", 1e-9), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    /// <summary>How long the provider wants to be left alone; null if it does not say.</summary>
    /// <param name="response">The provider's answer.</param>
    /// <param name="error">The error in its body.</param>
    /// <param name="now">The current time.</param>
    public static TimeSpan? Find(ProviderResponse response, ProviderError? error, DateTimeOffset now) =>
        Milliseconds(response.Headers.GetValueOrDefault("retry-after-ms"))
        ?? Parse(response.Headers.GetValueOrDefault("retry-after"), now)
        ?? Parse(error?.RetryDelay, now)
        ?? (response.Status == StatusCodes.Status429TooManyRequests ? Reset(response.Headers, now) : null);

    /// <summary>A time span from seconds, a duration such as <c>1m30s</c>, or a time; null for anything else.</summary>
    public static TimeSpan? Parse(string? text, DateTimeOffset now)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return Number(text) is { } number
            ? number >= FirstUnixMilliseconds ? Bounded(number / 1000 - now.ToUnixTimeSeconds())
                : number >= FirstUnixSeconds ? Bounded(number - now.ToUnixTimeSeconds())
                : Bounded(number)
            : Duration(text) ?? Date(text, now);
    }

    private static TimeSpan? Milliseconds(string? text) => text is not null && Number(text.Trim()) is { } number ? Bounded(number / 1000) : null;

    /// <summary>The longest of the limits that are used up. If the provider does not say which ones are, the shortest of all.</summary>
    private static TimeSpan? Reset(IReadOnlyDictionary<string, string> headers, DateTimeOffset now)
    {
        var resets = headers
            .Where(header => header.Key.StartsWith(ResetPrefix, StringComparison.OrdinalIgnoreCase))
            .Select(header => (IsUsedUp: IsUsedUp(headers, header.Key[ResetPrefix.Length..]), Time: Parse(header.Value, now)))
            .Where(reset => reset.Time is not null)
            .ToList();
        var usedUp = resets.Where(reset => reset.IsUsedUp).ToList();
        return usedUp.Count > 0 ? usedUp.Max(reset => reset.Time) : resets.Min(reset => reset.Time);
    }

    private static bool IsUsedUp(IReadOnlyDictionary<string, string> headers, string limit) =>
        headers.TryGetValue($"x-ratelimit-remaining{limit}", out var remaining) && Number(remaining.Trim()) is 0;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    private static TimeSpan? Duration(string text)
    {
        var seconds = 0.0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || Number(rest[..digits].ToString()) is not { } number)
            {
                return null;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits) is >= 0 and var next ? next : rest.Length;
            if (Find(rest[..letters].ToString()) is not { } unit)
            {
                return null;
            }

            seconds += number * unit;
            rest = rest[letters..];
        }

        return Bounded(seconds);

        static double? Find(string name) => Array.Find(Units, unit => unit.Unit == name) is { Unit: not null } found ? found.Seconds : null;
    }

    /// <summary>A date has a year and a time: "12:30" alone is nonsense.</summary>
    private static TimeSpan? Date(string text, DateTimeOffset now) =>
        text.Length >= "2026-03-01".Length
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? Bounded((date - now).TotalSeconds)
            : null;

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
}
