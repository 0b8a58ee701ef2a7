namespace AgentOperator.Gateway.Models;

/// <summary>One key of a Secret.</summary>
/// <param name="Text">The value; null if the Secret or the key does not exist.</param>
/// <param name="Version">The Secret's resource version; "none" if it does not exist.</param>
/// <param name="Mark">What the Secret says about its use; null if it does not exist.</param>
internal sealed record SecretValue(string? Text, string Version, SecretMark? Mark)
{
    /// <summary>Never the value: records print what they hold, and logs print records.</summary>
    public override string ToString() => $"SecretValue {{ Version = {Version} }}";
}
