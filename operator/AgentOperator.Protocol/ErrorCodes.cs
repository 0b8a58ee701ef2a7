namespace AgentOperator.Protocol;

/// <summary>Values of <see cref="ProtocolError.Code"/>, with the HTTP status that carries each.</summary>
public static class ErrorCodes
{
    /// <summary>400: the request is malformed. Do not retry.</summary>
    public const string InvalidRequest = "InvalidRequest";

    /// <summary>401: the token is missing, expired or for another audience. Read the token file again and retry.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>402: a budget of the run is used up; the model was not called. Report the run as failed.</summary>
    public const string BudgetExhausted = "BudgetExhausted";

    /// <summary>403: the token is valid but does not belong to a runner pod.</summary>
    public const string NotARunner = "NotARunner";

    /// <summary>408: the request's body did not arrive in time. Retry.</summary>
    public const string BodyTimeout = "BodyTimeout";

    /// <summary>404: the gateway has no such path. The runner has a bug, or is newer than the gateway. Do not retry.</summary>
    public const string NotFound = "NotFound";

    /// <summary>405: the path has no such method; <c>Allow</c> names those that it has. Do not retry.</summary>
    public const string MethodNotAllowed = "MethodNotAllowed";

    /// <summary>409: the journal's head is not at the expected sequence, and these records are not committed yet. Read the journal.</summary>
    public const string SequenceConflict = "SequenceConflict";

    /// <summary>409: another step's model call of this run is under way. A run makes one at a time. Retry after <c>Retry-After</c>.</summary>
    public const string CallInProgress = "CallInProgress";

    /// <summary>410: a newer attempt owns the run. Final: exit with <see cref="RunnerExitCodes.Fenced"/>.</summary>
    public const string StaleEpoch = "StaleEpoch";

    /// <summary>410: the run has ended and accepts no more records. Final.</summary>
    public const string RunFinished = "RunFinished";

    /// <summary>413: the request's body is larger than any that the gateway reads. Shorten it.</summary>
    public const string RequestTooLarge = "RequestTooLarge";

    /// <summary>413: a record exceeds the journal's size limit. Shorten it.</summary>
    public const string RecordTooLarge = "RecordTooLarge";

    /// <summary>
    /// 413: the conversation is longer than the provider takes; nothing was paid. Commit <see cref="RecordKinds.ContextShortened"/> and ask again
    /// with a shorter one. <see cref="ProtocolError.RequestSize"/> and <see cref="ProtocolError.MaxRequestSize"/> say by how much, if it is known.
    /// </summary>
    public const string ContextTooLong = "ContextTooLong";

    /// <summary>
    /// 422: the step key belongs to a committed model call with another request. Read the journal; if it has no more than the runner knows, the
    /// runner has a bug.
    /// </summary>
    public const string KeyReused = "KeyReused";

    /// <summary>
    /// 422: the provider rejected the request itself. Do not retry, unless
    /// <see cref="ProtocolError.RejectedTools"/> names tools to leave out.
    /// </summary>
    public const string ModelRejected = "ModelRejected";

    /// <summary>422: the journal's store refuses the record for good. Do not retry; report the run as failed.</summary>
    public const string RecordRefused = "RecordRefused";

    /// <summary>425: the operator has not bound this pod to the run yet. Retry shortly.</summary>
    public const string EpochNotClaimed = "EpochNotClaimed";

    /// <summary>429: the gateway has too much to do for this run, this address or in all. Retry after <c>Retry-After</c>.</summary>
    public const string TooManyRequests = "TooManyRequests";

    /// <summary>500: the journal's hash chain is broken, or it holds a malformed record. Final for the attempt.</summary>
    public const string JournalBroken = "JournalBroken";

    /// <summary>
    /// 500: a bug in the gateway; <see cref="ProtocolError.Detail"/> has the correlation id of its log lines. Retry a few times at most.
    /// </summary>
    public const string InternalError = "InternalError";

    /// <summary>
    /// 503: the provider is unavailable, or someone has to mend something there. Retry after <c>Retry-After</c> if that is soon, else exit with
    /// <see cref="RunnerExitCodes.EndpointUnavailable"/>.
    /// </summary>
    public const string ModelUnavailable = "ModelUnavailable";

    /// <summary>
    /// 503: the journal's store is unavailable, or the journal holds a record of a later schema version than this replica knows. Retry after
    /// <c>Retry-After</c>.
    /// </summary>
    public const string JournalUnavailable = "JournalUnavailable";
}
