namespace AgentOperator.ModelServer.Scenarios;

/// <summary>One way in which a call fails. Exactly one of the kinds is set.</summary>
internal sealed record ScenarioFault
{
    /// <summary>Kind: an error with this HTTP status, 400 to 599.</summary>
    public int? Status { get; init; }

    /// <summary>The error's <c>code</c>, for instance <c>insufficient_quota</c>; only with <see cref="Status"/>.</summary>
    public string? Code { get; init; }

    /// <summary>The error's <c>message</c>. Default: a sentence with the status; only with <see cref="Status"/>.</summary>
    public string? Message { get; init; }

    /// <summary>The <c>Retry-After</c> header in seconds; only with <see cref="Status"/>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The <c>retry-after-ms</c> header in milliseconds; only with <see cref="Status"/>.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>Kind: status 200 with a body that is no JSON.</summary>
    public bool Malformed { get; init; }

    /// <summary>Kind: the connection closes in the middle of the body.</summary>
    public bool Drop { get; init; }

    /// <summary>Kind: status 200 and no choice.</summary>
    public bool EmptyChoices { get; init; }

    /// <summary>Kind: a complete reply with status 200 whose body is the first half of the answer.</summary>
    public bool Truncated { get; init; }

    /// <summary>Kind: status 200 without a body.</summary>
    public bool EmptyBody { get; init; }

    /// <summary>Requests of one run that it strikes. Default: 1.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many of the kinds are set; a valid fault has one.</summary>
    public int KindCount =>
        new[] { Status is not null, Malformed, Drop, EmptyChoices, Truncated, EmptyBody }.Count(isSet => isSet);
}
