using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway.Answers;

/// <summary>What the answers of real providers and gateways come to.</summary>
[TestFixture]
internal sealed class AnswerClassifierTests
{
    private const string Key = "sk-only-the-gateway-knows";
    private const string Prompt = "Plan the surprise party for Ada on Friday.";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly byte[] Request = Encoding.UTF8.GetBytes(
        $$"""{"model":"gpt-x","messages":[{"role":"user","content":"{{Prompt}}"}]}""");

    [TestCase(408, "")]
    [TestCase(409, "")]
    [TestCase(424, "")]
    [TestCase(425, "")]
    [TestCase(429, """{"error":{"type":"tokens","code":"rate_limit_exceeded"}}""")]
    [TestCase(429, """{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota."}}""")]
    [TestCase(429, "<html>Too many requests</html>")]
    [TestCase(499, "")]
    [TestCase(500, """{"error":{"type":"api_error","message":"Internal server error"}}""")]
    [TestCase(500, """{"error":{"type":"invalid_request_error","message":"The server had an error"}}""")]
    [TestCase(502, "<html>Bad gateway</html>")]
    [TestCase(503, """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""")]
    [TestCase(504, "upstream request timeout")]
    [TestCase(522, "error code: 522")]
    [TestCase(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""")]
    [TestCase(400, """{"__type":"ThrottlingException","message":"Too many tokens, please wait."}""")]
    [TestCase(403, """{"error":{"code":"rate_limit_exceeded"}}""")]
    [TestCase(200, """{"error":{"message":"Overloaded","type":"overloaded_error"}}""")]
    [TestCase(200, """{"error":{"message":"Provider returned error","code":502}}""")]
    [TestCase(200, """{"error":"something odd"}""")]
    public void Classify_WhatPassesByItself_IsUnavailable(int status, string body) =>
        Assert.That(Classify(status, body), Is.InstanceOf<ProviderOutcome.Unavailable>());

    [TestCase(200, """{"choices":[]}""", Reasons.UnexpectedAnswer)]
    [TestCase(200, """{"choices":[{"mess""", Reasons.UnexpectedAnswer)]
    [TestCase(200, "", Reasons.UnexpectedAnswer)]
    [TestCase(400, """{"error":{"message":"Streaming is required for this model."}}""", Reasons.UnexpectedAnswer)]
    [TestCase(
        400, """{"error":{"code":"invalid_parameter_error","message":"This model only support stream mode, please enable the stream parameter."}}""",
        Reasons.UnexpectedAnswer)]
    [TestCase(400, """{"error":{"message":"stream must be set to true for this model"}}""", Reasons.UnexpectedAnswer)]
    [TestCase(400, """{"error":{"message":"Non-streaming requests are not supported"}}""", Reasons.UnexpectedAnswer)]
    [TestCase(401, "", Reasons.KeyRefused)]
    [TestCase(401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}""", Reasons.KeyRefused)]
    [TestCase(403, """{"message":"Forbidden"}""", Reasons.KeyRefused)]
    [TestCase(403, "<html>Sign in</html>", Reasons.KeyRefused)]
    [TestCase(407, "", Reasons.KeyRefused)]
    [TestCase(
        400, """[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]""",
        Reasons.KeyRefused)]
    [TestCase(402, "", Reasons.QuotaExceeded)]
    [TestCase(402, """{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}""", Reasons.QuotaExceeded)]
    [TestCase(429, """{"error":{"type":"insufficient_quota","code":null}}""", Reasons.QuotaExceeded)]
    [TestCase(429, """{"error":{"type":"tokens","code":"insufficient_quota"}}""", Reasons.QuotaExceeded)]
    [TestCase(429, """{"error":{"code":"billing_hard_limit_reached"}}""", Reasons.QuotaExceeded)]
    [TestCase(400, """{"error":{"type":"budget_exceeded","message":"ExceededBudget: over budget","code":"400"}}""", Reasons.QuotaExceeded)]
    [TestCase(
        400, """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}""",
        Reasons.QuotaExceeded)]
    [TestCase(403, """{"error":{"message":"Key limit exceeded: add more credits","code":403}}""", Reasons.QuotaExceeded)]
    [TestCase(200, """{"error":{"type":"insufficient_quota"}}""", Reasons.QuotaExceeded)]
    [TestCase(200, """{"error":{"message":"This request requires more credits","code":402}}""", Reasons.QuotaExceeded)]
    [TestCase(200, """{"error":{"message":"No auth credentials found","code":401}}""", Reasons.KeyRefused)]
    [TestCase(
        500, """{"error":{"message":"{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"Out of credits\"}}","code":500}}""",
        Reasons.QuotaExceeded)]
    [TestCase(404, """{"error":{"code":"model_not_found","type":"invalid_request_error"}}""", Reasons.ModelNotFound)]
    [TestCase(404, """{"object":"error","message":"The model `gpt-x` does not exist.","type":"NotFoundError","code":404}""", Reasons.ModelNotFound)]
    [TestCase(404, """{"error":{"code":"DeploymentNotFound","message":"Wait a few minutes."}}""", Reasons.ModelNotFound)]
    [TestCase(400, """{"error":{"code":"model_decommissioned"}}""", Reasons.ModelNotFound)]
    [TestCase(404, """{"detail":"Not Found"}""", Reasons.UnexpectedAnswer)]
    [TestCase(404, """{"error":{"code":"unknown_url","type":"invalid_request_error"}}""", Reasons.UnexpectedAnswer)]
    [TestCase(404, "<html>404</html>", Reasons.UnexpectedAnswer)]
    [TestCase(405, """{"detail":"Method Not Allowed"}""", Reasons.UnexpectedAnswer)]
    [TestCase(302, "", Reasons.UnexpectedAnswer)]
    [TestCase(200, "<!DOCTYPE html><title>Sign in</title>", Reasons.UnexpectedAnswer)]
    [TestCase(200, "OK", Reasons.UnexpectedAnswer)]
    [TestCase(200, "data: {\"choices\":[]}", Reasons.UnexpectedAnswer)]
    public void Classify_WhatAPersonCanMend_SaysWhichAndWhatToDo(int status, string body, string cause)
    {
        var outcome = (ProviderOutcome.NeedsPerson)Classify(status, body);
        Assert.That(outcome.Cause, Is.EqualTo(cause), outcome.Reason);
        Assert.That(outcome.Reason, Does.Contain("Check").Or.Contain("Raise").Or.Contain("Set spec.streaming"));
    }

    [TestCase(400, "")]
    [TestCase(403, """{"error":{"message":"The model requires moderation and your input was flagged","code":403}}""")]
    [TestCase(422, """{"detail":[{"loc":["body"],"msg":"field required"}]}""")]
    [TestCase(200, """{"error":{"type":"invalid_request_error","message":"bad tool"}}""")]
    public void Classify_TheRequestsOwnDefect_IsRejected(int status, string body) =>
        Assert.That(Classify(status, body), Is.InstanceOf<ProviderOutcome.Rejected>());

    [Test]
    public void Classify_AnErrorBesideAChoice_IsAnAnswer() => Assert.That(
        Classify(200, """{"error":null,"message":"fine","choices":[{"message":{"content":"yes"}}]}"""), Is.InstanceOf<ProviderOutcome.Answered>());

    [Test]
    public void Classify_ProvidersSentence_IsShownOnOneLine() => Assert.That(
        ((ProviderOutcome.Unavailable)Classify(503, """{"error":{"code":"overloaded","message":"We are\n busy\u0007 today"}}""")).Reason,
        Is.EqualTo("The model endpoint answered 503 (overloaded): We are busy\uFFFD today."));

    [TestCase($"Incorrect API key provided: {Key}.")]
    [TestCase($"Bad header Authorization: Bearer {Key}")]
    [TestCase($"Bad header Authorization: Bearer another-hidden-value")]
    [TestCase("Incorrect API key provided: sk-hidden***value.")]
    [TestCase($"The user said: {Prompt}")]
    [TestCase("Cannot answer 'the surprise party for Ada on Friday' now")]
    public void Classify_MessageQuotesTheKeyOrThePrompt_DoesNotShowIt(string message)
    {
        var body = JsonSerializer.Serialize(new { error = new { message, code = Key } });
        var reason = ((ProviderOutcome.NeedsPerson)Classify(401, body)).Reason;
        Assert.That(reason, Does.Not.Contain(Key).And.Not.Contain("hidden").And.Not.Contain("party"));
        Assert.That(reason, Does.StartWith("The model endpoint answered 401"));
    }

    /// <summary>Whatever a provider sends: no exception, one bounded line of plain text, and a time within a day.</summary>
    [Test]
    public void Classify_AnyAnswer_ComesToSomethingThatCanBeShown([Range(0, 3)] int block)
    {
        for (var seed = 2_500 * block; seed < 2_500 * (block + 1); seed++)
        {
            var response = new OddErrors(new Random(seed), Key, Prompt).Next();
            var outcome = AnswerClassifier.Classify(response, Request, "gpt-x", [Key], Now);
            var (reason, wait) = outcome switch
            {
                ProviderOutcome.Unavailable unavailable => (unavailable.Reason, unavailable.RetryAfter),
                ProviderOutcome.NeedsPerson person => (person.Reason, person.RetryAfter),
                ProviderOutcome.Rejected rejected => (rejected.Reason, null),
                _ => ("The model endpoint answered.", null),
            };
            Assert.That(TextLimit.Cut(reason, 600), Is.EqualTo(reason), $"seed {seed}");
            Assert.That(reason, Does.Not.Contain('\n').And.Not.Contain(Key).And.Not.Contain(Prompt[..20]), $"seed {seed}");
            Assert.That(wait ?? TimeSpan.Zero, Is.InRange(TimeSpan.Zero, RetryTimes.Longest), $"seed {seed}");
        }
    }

    private static ProviderOutcome Classify(int status, string body) => AnswerClassifier.Classify(
        new ProviderResponse(status, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body)), Request, "gpt-x", ["another secret", Key], Now);
}
