namespace AgentOperator.Protocol;

/// <summary>Values of <see cref="ProtocolError.Code"/>, with the HTTP status that carries each.</summary>
public static class ErrorCodes
{
    /// <summary>400: the request cannot be understood; do not retry.</summary>
    public const string InvalidRequest = "InvalidRequest";

    /// <summary>401: the token is missing, expired or not for this audience. Read the token file again and retry.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>402: a budget of the run is used up; no model was called. Report the result as failed.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>403: the token is good but is not a runner pod's.</summary>
    public const string NotARunner = "NotARunner";

    /// <summary>409: the journal's head is not the expected one and the records are not there already; read the journal.</summary>
    public const string SequenceConflict = "SequenceConflict";

    /// <summary>410: a newer attempt owns the run. Final: exit with <see cref="RunnerExitCodes.Fenced"/>.</summary>
    public const string StaleEpoch = "StaleEpoch";

    /// <summary>410: the run's end is committed; nothing can follow it. Final.</summary>
    public const string RunFinished = "RunFinished";

    /// <summary>413: a record is larger than the journal takes. Shorten it.</summary>
    public const string RecordTooLarge = "RecordTooLarge";

    /// <summary>422: the provider refused the request itself (bad request, unknown model, refused key, quota). Retrying does not help,
    /// unless <see cref="ProtocolError.RejectedTools"/> names tools to leave out.</summary>
    public const string ModelRejected = "ModelRejected";

    /// <summary>425: the operator has not bound this pod to the run yet. Retry in a moment.</summary>
    public const string EpochNotClaimed = "EpochNotClaimed";

    /// <summary>500: the journal's hash chain is broken or holds what this build does not know. Final for the attempt.</summary>
    public const string JournalBroken = "JournalBroken";

    /// <summary>503: the provider stayed unavailable after the gateway's own retries. Retry after <c>Retry-After</c>.</summary>
    public const string ModelUnavailable = "ModelUnavailable";

    /// <summary>503: the journal's store does not answer. Retry after <c>Retry-After</c>.</summary>
    public const string JournalUnavailable = "JournalUnavailable";
}
