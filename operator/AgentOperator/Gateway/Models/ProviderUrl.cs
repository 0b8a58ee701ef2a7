namespace AgentOperator.Gateway.Models;

/// <summary>Where a provider's requests go.</summary>
internal static class ProviderUrl
{
    private const string Operation = "/chat/completions";

    /// <summary>The base URL with the operation's path, before the query if there is one.</summary>
    public static Uri ChatCompletions(Uri baseUrl)
    {
        var text = baseUrl.AbsoluteUri;
        var end = text.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : text.Length;
        return new Uri(text[..end].TrimEnd('/') + Operation + text[end..]);
    }
}
