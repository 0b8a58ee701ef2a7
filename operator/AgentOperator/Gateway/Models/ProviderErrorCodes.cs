using System.Text.RegularExpressions;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// What providers call their errors. Compared without case and punctuation: <c>RateLimitExceeded</c> and <c>rate_limit_exceeded</c> are the same.
/// </summary>
internal static partial class ProviderErrorCodes
{
    private static readonly HashSet<string> Quota =
    [
        "insufficientquota", "budgetexceeded", "exceededbudget", "maxbudgetexceeded", "billinghardlimitreached", "billinghardlimit",
        "billingnotactive", "billingerror", "insufficientbalance", "insufficientcredits", "insufficientfunds", "creditbalancetoolow",
        "creditsexhausted", "exceededcurrentquotaerror", "paymentrequired", "arrearage", "accountoverdueerror", "spendlimitexceeded",
        "usagelimitexceeded", "usagelimitreached", "tokenquotaexceeded", "monthlyquotaexceeded", "quotaexhausted", "servicequotaexceededexception",
        "failedprecondition",
    ];

    private static readonly HashSet<string> Key =
    [
        "invalidapikey", "incorrectapikey", "apikeyinvalid", "apikeyexpired", "apikeyservicesblocked", "invalidkey", "missingapikey",
        "authenticationerror", "authenticationfailed", "invalidauthentication", "autherror", "unauthorized", "unauthenticated",
        "permissiondenied", "permissionerror", "accessdenied", "accessdeniedexception", "unrecognizedclientexception", "expiredtokenexception",
        "invalidtoken", "tokenexpired", "expiredtoken", "missingauthenticationtoken", "expiredkey", "accountdeactivated",
        "invalidorganization", "mismatchedorganization",
    ];

    private static readonly HashSet<string> Model =
    [
        "modelnotfound", "invalidmodel", "invalidmodelname", "modelnotavailable", "modelnotsupported", "modelnotallowed", "unknownmodel",
        "nosuchmodel", "modeldeprecated", "modeldecommissioned", "deploymentnotfound", "modelterminated", "unavailablemodel", "modeltermsrequired",
        "modelpermissionblockedorg", "modelpermissionblockedproject",
    ];

    private static readonly HashSet<string> Busy =
    [
        "ratelimitexceeded", "ratelimiterror", "ratelimitreached", "ratelimited", "toomanyrequests", "requestslimitexceeded", "overloadederror",
        "overloaded", "engineoverloaded", "engineoverloadederror", "serveroverloaded", "resourceexhausted", "throttling", "throttlingexception",
        "serviceunavailableexception", "modelnotreadyexception", "capacityexceeded", "modelloading",
    ];

    private static readonly HashSet<string> Request =
    [
        "invalidrequesterror", "invalidrequest", "invalidargument", "badrequest", "badrequesterror", "validationerror", "validationexception",
        "contentfilter", "contentpolicyviolation", "contentpolicyviolationerror", "moderation", "flagged", "unprocessableentity",
    ];

    private static readonly HashSet<string> Length =
    [
        "contextlengthexceeded", "contextwindowexceeded", "contextwindowexceedederror", "exceedcontextsizeerror", "contextlimitexceeded",
        "contextsizeexceeded", "modelcontextwindowexceeded", "maxcontextlengthexceeded", "requesttoolarge", "requestentitytoolarge",
        "payloadtoolarge", "prompttoolong", "inputtoolong", "tokenlimitexceeded", "tokenslimitreached",
    ];

    /// <summary>What an error is about, by its codes, and by its message where providers send no code of their own.</summary>
    public static ProviderErrorKind KindOf(ProviderError? error)
    {
        var codes = error?.Codes.Select(Plain).ToList() ?? [];
        var message = error?.Message ?? "";
        return codes.Any(Quota.Contains) ? ProviderErrorKind.Quota
            : codes.Any(Model.Contains) ? ProviderErrorKind.Model
            : codes.Any(Key.Contains) ? ProviderErrorKind.Key
            : codes.Any(Length.Contains) || (LengthMessage().IsMatch(message) && !QuotaMessage().IsMatch(message)) ? ProviderErrorKind.Length
            : codes.Any(Busy.Contains) ? ProviderErrorKind.Busy
            : QuotaMessage().IsMatch(message) ? ProviderErrorKind.Quota
            : KeyMessage().IsMatch(message) ? ProviderErrorKind.Key
            : WrongModelMessage().IsMatch(message) ? ProviderErrorKind.Model
            : codes.Any(Request.Contains) || ModerationMessage().IsMatch(message) ? ProviderErrorKind.Request
            : ProviderErrorKind.Unknown;
    }

    /// <summary>Whether a "not found" speaks of a model and not of a path.</summary>
    public static bool SpeaksOfAModel(ProviderError? error) => error?.Message is { } message && ModelMessage().IsMatch(message);

    /// <summary>Whether the provider refuses to answer in one piece.</summary>
    public static bool AsksForStreaming(ProviderError? error) => error?.Message is { } message && StreamingMessage().IsMatch(message);

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex(
        "insufficient (balance|credits?|quota|funds)|credit balance is too low|exceeded your current quota|out of credits|budget has been exceeded"
            + "|exceeded budget|more credits|spending limit|quota (is )?(used up|exhausted)|reached your (specified )?(api )?usage limit"
            + "|out of call volume quota|exceeds the service quota",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex QuotaMessage();

    [GeneratedRegex(
        "(invalid|incorrect|missing|expired|no|a valid) api[ -]?key|api key (is )?(not valid|invalid|expired|missing)"
            + "|(missing|invalid) authorization header|(account|organization) (has been|is|was) (disabled|suspended|deactivated)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KeyMessage();

    /// <summary>Not "too many tokens" alone, which is how some say that the rate is limited.</summary>
    [GeneratedRegex(
        @"maximum (context|prompt|input|sequence) length|context (length|window|size|limit)\b.{0,40}\b(exceed|too (small|long))"
            + @"|exceed(s|ed|ing)?\b.{0,60}\b(context (length|window|size|limit)|maximum number of (input )?tokens)"
            + @"|(prompt|input|conversation|messages?) (is|are) too (long|large)|too many tokens: (size|total)|request (is )?too large"
            + @"|reduce the length of the (messages|prompt|input)|range of input length should be"
            + @"|`inputs` tokens \+ `max_new_tokens` must be|`inputs` must have less than|too large for model|\]\.content'?: string too long"
            + @"|is longer than the (maximum )?model|too long to fit into the model|exceed(s|ed)? (the )?model token limit"
            + @"|(prompt|input tokens) exceeds? (the )?max(imum)? length|too many input tokens\. max|\binput token count is"
            + @"|greater than the context length|ContextWindowExceeded",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LengthMessage();

    /// <summary>Said with 400 as well. Nothing but the model's name stands between the words.</summary>
    [GeneratedRegex(
        @"not a valid model|(invalid|unknown|no such|unavailable) model\b|\bmodel (does )?not (exist|found)|unexpected model name"
            + @"|\bmodels?[ /:]['""`]?[\w./:@-]{1,128}['""`]? ((is|was) not found|not found|does not exist)|\bmodel identifier is invalid"
            + @"|does not work with the specified model|\bmodel ID [\w./:@-]{1,128} with on-demand throughput|LLM Provider NOT provided",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WrongModelMessage();

    [GeneratedRegex("requires moderation|was flagged|flagged for", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ModerationMessage();

    [GeneratedRegex(
        @"\bonly (supports? |works? with )?stream|\bstream(ing)?\W{1,3}(must be|has to be|should be|needs to be|is required|required)"
            + @"|\b(requires?|must use|please use|please enable( the)?|please set) .?stream"
            + @"|non-?_?stream\w*( \w+){0,3} (is |are )?not (be )?(supported|allowed)"
            + @"|not support non-?_?stream|for non-?_?streaming calls",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StreamingMessage();

    [GeneratedRegex(@"\b(model|deployment)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ModelMessage();
}
