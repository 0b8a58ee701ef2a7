namespace AgentOperator.Api;

/// <summary>The schema's regular expressions. They use only syntax that .NET, RE2 and ECMA 262 interpret alike.</summary>
internal static class Patterns
{
    public const string Label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    public const string Subdomain = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    public const string DataKey = "^[-._a-zA-Z0-9]+$";

    /// <summary>What a regular expression can say of a <see cref="Protocol.HttpUrl"/>; it takes everything that the parser takes.</summary>
    public const string HttpUrl = @"^https?://([^\s/?#@:%\[\]\\\x00-\x1f\x7f]+|\[[0-9a-fA-F:.]+\])"
        + "(:0*(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}))?"
        + @"([/?][^\s#\\\x00-\x1f\x7f]*)?$";

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
        Sha256 => "a SHA-256 in lower-case hex",
        NoSpace => "a name without spaces",
        VariableName => "the name of an environment variable",
        AbsolutePath => "an absolute path without ':' and without '/' at its end",
        HeaderName => "a header's name of letters, digits, '-', '_' and '.'",
        _ => $"a match of {pattern}",
    };
}
