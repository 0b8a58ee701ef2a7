namespace AgentOperator.ProtocolConformance.Points;

/// <summary>The points. A new one gets the next number; a number is never used again.</summary>
internal static class AllPoints
{
    private const string Token = "Token";
    private const string Environment = "Environment";
    private const string Journal = "The journal";
    private const string Hash = "Checking `prevHash`";
    private const string Rules = "Rules for a runner";
    private const string Tools = "Tools";
    private const string Answers = "Model answers";
    private const string Paths = "Paths";
    private const string Limits = "Limits";
    private const string Errors = "Errors";
    private const string Shutdown = "Heartbeats and shutdown";
    private const string Exits = "Exit codes";
    private const string Report = "Termination report";

    public static readonly Point TokenSent = new(1, "token-sent", "Each request carries the token as a bearer token.", Token);
    public static readonly Point TokenReadAgain = new(
        2, "token-read-again", "The token file is read for each request, because it is replaced.", Token);
    public static readonly Point AuthorityVerified = new(3, "authority-verified", "Only the CA in AGENT_GATEWAY_CA is trusted.", Environment);
    public static readonly Point HostNameVerified = new(4, "host-name-verified", "The gateway's certificate must be for its host.", Environment);
    public static readonly Point JournalReadFirst = new(
        5, "journal-read-first", "The journal is read to its head before anything is written.", Rules);
    public static readonly Point AllPagesRead = new(6, "all-pages-read", "Pages are read until the head is reached.", Paths);
    public static readonly Point PrevHashChecked = new(7, "prev-hash-checked", "A record whose prevHash is wrong stops the runner: exit 66.", Hash);
    public static readonly Point UnknownKindStops = new(8, "unknown-kind-stops", "A record of an unknown kind stops the runner: exit 66.", Journal);
    public static readonly Point NewerSchemaStops = new(
        9, "newer-schema-stops", "A later schemaVersion stops the runner: NewerRecord, exit 66.", Journal);
    public static readonly Point UnknownFieldsIgnored = new(10, "unknown-fields-ignored", "Fields of answers that are not known are ignored.", Paths);
    public static readonly Point SlowAnswersRead = new(11, "slow-answers-read", "Answers in slow pieces and without a length are read.", Paths);
    public static readonly Point ToolsListedFirst = new(12, "tools-listed-first", "ToolsListed is committed before the first model call.", Rules);
    public static readonly Point SameToolsOffered = new(13, "same-tools-offered", "Each request offers exactly the tools of ToolsListed.", Rules);
    public static readonly Point IntentBeforeTool = new(
        14, "intent-before-tool", "A ToolIntent is committed before a tool that is not Pure starts.", Rules);
    public static readonly Point OutcomeBeforeNextCall = new(
        15, "outcome-before-call", "Each call has its outcome before the next model call.", Rules);
    public static readonly Point IrreversibleOnce = new(
        16, "irreversible-once", "An Irreversible tool in flight becomes ToolUnknown and is not repeated.", Tools);
    public static readonly Point KeyedSameKey = new(
        17, "keyed-same-key", "A Keyed tool in flight is run again with the same IDEMPOTENCY_KEY.", Tools);
    public static readonly Point PureAgain = new(18, "pure-again", "A Pure tool in flight is run again; it needs no intent.", Tools);
    public static readonly Point PaidOnce = new(
        19, "paid-once", "An answer in the journal is not requested again, wherever the runner was killed.", Rules);
    public static readonly Point SameRequests = new(20, "same-requests", "A resumed run sends the requests that an uninterrupted one sends.", Rules);
    public static readonly Point TransientRetried = new(21, "transient-retried", "5xx, 425, 429 and broken connections are retried.", Errors);
    public static readonly Point RetryAfterObeyed = new(22, "retry-after-obeyed", "A retry comes no earlier than Retry-After says.", Errors);
    public static readonly Point SameKeyOnRetry = new(
        23, "same-key-on-retry", "A model call is repeated with the same Idempotency-Key and body.", Paths);
    public static readonly Point RepeatedSaid = new(24, "repeated-said", "A repeated model call says Agent-Repeated: true.", Paths);
    public static readonly Point LostCommitOnce = new(
        25, "lost-commit-once", "After a lost answer the commit is repeated, and is in the journal once.", Paths);
    public static readonly Point UnauthorizedRetried = new(
        26, "unauthorized-retried", "After 401 the token file is read again, and the request repeated.", Errors);
    public static readonly Point StaleEpochStops = new(27, "stale-epoch-stops", "410 StaleEpoch: exit 66 at once, write nothing more.", Errors);
    public static readonly Point ConflictReadsOn = new(28, "conflict-reads-on", "409 SequenceConflict: read on, and continue from there.", Errors);
    public static readonly Point HeartbeatInTime = new(
        29, "heartbeat-in-time", "A heartbeat comes every heartbeatSeconds, also during a tool.", Shutdown);
    public static readonly Point StopObeyed = new(
        30, "stop-obeyed", "A heartbeat's Stop ends the attempt within the grace period: exit 75.", Shutdown);
    public static readonly Point SigtermParks = new(31, "sigterm-parks", "SIGTERM ends the attempt within the grace period: exit 75.", Shutdown);
    public static readonly Point MaxStepsObeyed = new(32, "max-steps-obeyed", "No more than maxSteps answers: BudgetExhausted, exit 65.", Exits);
    public static readonly Point LimitsAskedAgain = new(33, "limits-asked-again", "Limits are asked for again before the run ends for one.", Paths);
    public static readonly Point DeadlineObeyed = new(34, "deadline-obeyed", "At the deadline the run ends with DeadlineExceeded: exit 65.", Exits);
    public static readonly Point GatewayClock = new(
        35, "gateway-clock", "The time left is deadline - time, whatever the runner's clock says.", Paths);
    public static readonly Point BudgetEnds = new(36, "budget-ends", "402 BudgetExhausted: post a failed result, exit 65.", Errors);
    public static readonly Point RejectionEnds = new(37, "rejection-ends", "422 ModelRejected: post a failed result, exit 77.", Errors);
    public static readonly Point ProviderAway = new(38, "provider-away", "503 ModelUnavailable for long: exit 69, EndpointUnavailable.", Errors);
    public static readonly Point RunFinishedExits = new(39, "run-finished-exits", "410 RunFinished: exit 0.", Errors);
    public static readonly Point ResultOnce = new(40, "result-once", "The result is committed, once, and the exit code is 0.", Exits);
    public static readonly Point ReportWritten = new(
        41, "report-written", "The report is one JSON object of at most 4096 bytes with a reason.", Report);
    public static readonly Point NothingSecretTold = new(
        42, "nothing-secret-told", "Report, result message and output hold no prompt and no token.", Report);
    public static readonly Point UnicodeKept = new(43, "unicode-kept", "Any Unicode comes through unchanged: emoji, NUL, right to left.", Rules);
    public static readonly Point OutputBounded = new(
        44, "output-bounded", "A tool's output is cut to maxToolOutputBytes; truncatedBytes says so.", Tools);
    public static readonly Point LargeRecordShortened = new(45, "large-record-shortened", "413 RecordTooLarge: shorten the record.", Limits);
    public static readonly Point ContextShortened = new(
        46, "context-shortened", "413 ContextTooLong: commit ContextShortened, ask for less with another key.", Errors);
    public static readonly Point ToolsLeftOut = new(47, "tools-left-out", "422 with rejectedTools: commit ToolsLeftOut, ask without them.", Errors);
    public static readonly Point OddArgumentsNotRun = new(
        48, "odd-arguments-not-run", "A call whose arguments are no JSON object is not run.", Rules);
    public static readonly Point CutCallsNotRun = new(49, "cut-calls-not-run", "Calls of an answer that was cut are not run.", Answers);
    public static readonly Point UnknownToolNotRun = new(
        50, "unknown-tool-not-run", "A call of a tool that is not offered becomes ToolFailed.", Tools);
    public static readonly Point BlankAnswerAskedAgain = new(
        51, "blank-answer-asked", "After an answer with neither text nor calls the model is asked again.", Answers);
    public static readonly Point DivergenceStops = new(
        52, "divergence-stops", "A request that is not the recorded one stops the runner: Diverged, exit 66.", Rules);

    /// <summary>All of them by number.</summary>
    public static IReadOnlyList<Point> List { get; } =
    [
        .. typeof(AllPoints).GetFields().Select(field => field.GetValue(null)).OfType<Point>().OrderBy(point => point.Number),
    ];
}
