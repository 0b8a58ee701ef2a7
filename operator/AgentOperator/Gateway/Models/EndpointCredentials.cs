using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>What a ModelEndpoint's Secrets hold. A class, so that nothing prints it.</summary>
internal sealed class EndpointCredentials
{
    private readonly IReadOnlyList<(SecretKeyReference Reference, SecretValue Value)> _values;

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="values">What its Secrets hold, in the order of the spec.</param>
    public EndpointCredentials(ModelEndpoint endpoint, IReadOnlyList<(SecretKeyReference Reference, SecretValue Value)> values)
    {
        _values = values;
        Problem = values.Select(value => Check(endpoint, value.Reference, value.Value)).FirstOrDefault(found => found is not null);
        Version = SecretVersion.Of([.. values.Select(value => KeyValuePair.Create(value.Reference.Name, value.Value.Version))]);
    }

    /// <summary>Changes when one of the Secrets does; "none" if the only one does not exist, null if the endpoint names none.</summary>
    public string? Version { get; }

    /// <summary>The values, which must not be shown.</summary>
    public IReadOnlyList<string> Texts => [.. _values.Select(value => value.Value.Text).OfType<string>().Where(text => text.Length > 0)];

    /// <summary>Why no request can be sent; null if one can.</summary>
    public ProviderOutcome.NeedsPerson? Problem { get; }

    /// <summary>The value of a key, to be sent.</summary>
    /// <exception cref="InvalidOperationException">There is a <see cref="Problem"/>.</exception>
    public string this[SecretKeyReference reference] => Problem is null
        ? _values.First(value => value.Reference == reference).Value.Text!
        : throw new InvalidOperationException($"Secret '{reference.Name}' cannot be used.");

    /// <summary>Whether a call with these comes to the same as a call with others.</summary>
    public bool IsSameAs(EndpointCredentials other) =>
        Problem == other.Problem && _values.Select(value => value.Value.Text).SequenceEqual(other._values.Select(value => value.Value.Text));

    /// <summary>What a Secret holds is looked at last: nobody learns that of a Secret that they may not use.</summary>
    private static ProviderOutcome.NeedsPerson? Check(ModelEndpoint endpoint, SecretKeyReference reference, SecretValue value) =>
        (value.Mark is null ? null : SecretUse.FindProblem(endpoint, reference.Name, value.Mark)) ?? Check(reference, value.Text);

    private static ProviderOutcome.NeedsPerson? Check(SecretKeyReference reference, string? text) => text switch
    {
        null => new(Reasons.KeyNotFound, $"Secret '{reference.Name}' or its key '{reference.Key}' does not exist. Create it: it is looked for."),
        _ when !text.All(c => c is >= ' ' and <= '~') => new(
            Reasons.KeyRefused, $"Key '{reference.Key}' of Secret '{reference.Name}' has characters that cannot be sent. Check the Secret."),
        _ => null,
    };
}
