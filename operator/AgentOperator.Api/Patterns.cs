namespace AgentOperator.Api;

/// <summary>The schema's regular expressions. They use only syntax that .NET, RE2 and ECMA 262 interpret alike.</summary>
internal static class Patterns
{
    public const string Label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    public const string Subdomain = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    public const string DataKey = "^[-._a-zA-Z0-9]+$";
    public const string HttpUrlWithQuery = @"^https?://[^\s/?#]+[^\s#]*$";
    public const string Sha256 = "^[0-9a-f]{64}$";
    public const string NoSpace = @"^\S+$";
    public const string VariableName = "^[-._a-zA-Z][-._a-zA-Z0-9]*$";
    public const string AbsolutePath = "^(/[^/:]+)+$";
    public const string HeaderName = "^[a-zA-Z0-9][-_.a-zA-Z0-9]*$";

    public const string Image = @"^([a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:[0-9]{1,5})?/)?"
        + @"[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
        + @"(:[a-zA-Z0-9_][-a-zA-Z0-9._]{0,127})?(@sha256:[0-9a-f]{64})?$";

    /// <summary>Describes what matches a pattern.</summary>
    public static string Describe(string pattern) => pattern switch
    {
        Label => "a name of lower-case letters, digits and '-', with a letter or digit at both ends",
        Subdomain => "a name of lower-case letters, digits, '-' and '.', with a letter or digit at both ends",
        DataKey => "a key of letters, digits, '-', '_' and '.'",
        HttpUrlWithQuery => "an http or https URL without a fragment",
        Sha256 => "a SHA-256 in lower-case hex",
        NoSpace => "a name without spaces",
        VariableName => "the name of an environment variable",
        AbsolutePath => "an absolute path without ':' and without '/' at its end",
        HeaderName => "a header's name of letters, digits, '-', '_' and '.'",
        _ => $"a match of {pattern}",
    };
}
