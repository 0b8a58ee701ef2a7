using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>What a ModelEndpoint's Secrets hold. A class, so that nothing prints it.</summary>
internal sealed class EndpointCredentials
{
    private readonly IReadOnlyList<(SecretKeyReference Reference, SecretValue Value)> _values;

    /// <param name="values">What the Secrets hold, in the order of the spec.</param>
    public EndpointCredentials(IReadOnlyList<(SecretKeyReference Reference, SecretValue Value)> values)
    {
        _values = values;
        Version = SecretVersion.Of([.. values.Select(value => KeyValuePair.Create(value.Reference.Name, value.Value.Version))]);
    }

    /// <summary>No Secret.</summary>
    public static EndpointCredentials None { get; } = new([]);

    /// <summary>Changes when one of the Secrets does; empty if the only one does not exist, null if the endpoint names none.</summary>
    public string? Version { get; }

    /// <summary>The values, which must not be shown.</summary>
    public IReadOnlyList<string> Texts => [.. _values.Select(value => value.Value.Text).OfType<string>().Where(text => text.Length > 0)];

    /// <summary>Why no request can be sent; null if one can.</summary>
    public ProviderOutcome.NeedsPerson? Problem =>
        _values.Select(value => Check(value.Reference, value.Value.Text)).FirstOrDefault(found => found is not null);

    /// <summary>The value of a key. It exists if there is no <see cref="Problem"/>.</summary>
    public string this[SecretKeyReference reference] => _values.First(value => value.Reference == reference).Value.Text!;

    /// <summary>Whether requests with these look like requests with others.</summary>
    public bool HasSameTexts(EndpointCredentials other) =>
        _values.Select(value => value.Value.Text).SequenceEqual(other._values.Select(value => value.Value.Text));

    private static ProviderOutcome.NeedsPerson? Check(SecretKeyReference reference, string? text) => text switch
    {
        null => new(Reasons.KeyNotFound, $"Secret '{reference.Name}' or its key '{reference.Key}' does not exist. Create it: it is looked for."),
        _ when !text.All(c => c is >= ' ' and <= '~') => new(
            Reasons.KeyRefused, $"Key '{reference.Key}' of Secret '{reference.Name}' has characters that cannot be sent. Check the Secret."),
        _ => null,
    };
}
