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
        $$"""{"model":"gpt-x","messages":[{"role":"user","content":"{{Prompt}}"},{"role":"tool","content":"hidden2"}]}""");

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
    [TestCase(
        400,
        """{"error":{"message":"litellm.RateLimitError: GroqException - {\"error\":{\"message\":\"Slow down\",\"code\":\"rate_limit_exceeded\"}}. Received Model Group=x","type":null,"code":"400"}}""")]
    [TestCase(400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"type\":\"overloaded_error\"}}"}}}""")]
    [TestCase(400, """{"detail":{"error":{"code":"rate_limit_exceeded","message":"Slow down"}}}""")]
    [TestCase(
        200,
        """{"choices":[{"finish_reason":"error","message":{"content":""},"error":{"code":502,"message":"Upstream is away"}}],"usage":{"prompt_tokens":9}}""")]
    [TestCase(200, """{"choices":[{"finish_reason":null,"message":{"content":"cut"}}],"error":{"code":"server_error","message":"Disconnected"}}""")]
    [TestCase(200, """{"choices":[{"finish_reason":"insufficient_system_resource","message":{"content":"cut"}}]}""")]
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
    [TestCase(400, """{"error":{"message":"gpt-x is not a valid model ID","code":400},"user_id":"u"}""", Reasons.ModelNotFound)]
    [TestCase(
        400, """{"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""",
        Reasons.ModelNotFound)]
    [TestCase(
        400,
        """{"error":{"message":"/chat/completions: Invalid model name passed in model=gpt-x. Call `/v1/models` to view models.","type":"None","code":"400"}}""",
        Reasons.ModelNotFound)]
    [TestCase(400, """{"__type":"ValidationException","message":"The provided model identifier is invalid."}""", Reasons.ModelNotFound)]
    [TestCase(
        400, """{"message":"Invocation of model ID anthropic.x with on-demand throughput isn\u2019t supported. Use an inference profile."}""",
        Reasons.ModelNotFound)]
    [TestCase(400, """{"code":"Client specified an invalid argument","error":"Model not found: gpt-x"}""", Reasons.ModelNotFound)]
    [TestCase(
        400, """{"error":{"code":"OperationNotSupported","message":"The chatCompletion operation does not work with the specified model, x."}}""",
        Reasons.ModelNotFound)]
    [TestCase(
        400, """[{"error":{"code":400,"message":"* GenerateContentRequest.model: unexpected model name format","status":"INVALID_ARGUMENT"}}]""",
        Reasons.ModelNotFound)]
    [TestCase(400, """{"errors":[{"message":"AiError: No such model @cf/x","code":5007}],"success":false}""", Reasons.ModelNotFound)]
    [TestCase(400, """{"error":{"message":"The model `x` requires terms acceptance.","code":"model_terms_required"}}""", Reasons.ModelNotFound)]
    [TestCase(
        404, """[{"error":{"code":404,"message":"models/gpt-x is not found for API version v1main","status":"NOT_FOUND"}}]""", Reasons.ModelNotFound)]
    [TestCase(
        400,
        """{"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-04-01 at 00:00 UTC."}}""",
        Reasons.QuotaExceeded)]
    [TestCase(400, """{"__type":"ServiceQuotaExceededException","message":"Your request exceeds the service quota."}""", Reasons.QuotaExceeded)]
    [TestCase(403, """{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 02:34:12."}""", Reasons.QuotaExceeded)]
    [TestCase(
        400, """{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}""",
        Reasons.QuotaExceeded)]
    [TestCase(
        400, """{"type":"error","error":{"type":"invalid_request_error","message":"This organization has been disabled."}}""", Reasons.KeyRefused)]
    [TestCase(
        400, """{"error":{"code":400,"message":"Missing or invalid Authorization header.","status":"INVALID_ARGUMENT"}}""", Reasons.KeyRefused)]
    [TestCase(400, """[{"error":{"code":400,"message":"Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]""", Reasons.KeyRefused)]
    [TestCase(
        400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"code\":\"insufficient_quota\"}}"}}}""",
        Reasons.QuotaExceeded)]
    [TestCase(400, "\uFEFF{\"error\":{\"code\":\"insufficient_quota\"}}", Reasons.QuotaExceeded)]
    [TestCase(400, "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>", Reasons.UnexpectedAnswer)]
    [TestCase(400, "Client sent an HTTP request to an HTTPS server.\n", Reasons.UnexpectedAnswer)]
    [TestCase(414, "<html>414 Request-URI Too Large</html>", Reasons.UnexpectedAnswer)]
    [TestCase(431, "", Reasons.UnexpectedAnswer)]
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
    [TestCase(422, "Failed to deserialize the JSON body into the target type: messages[1]: missing field `content`")]
    [TestCase(400, """{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model.","code":"unsupported_value"}}""")]
    [TestCase(400, """{"error":{"message":"Model 'x' was given the tool 'y', whose schema is not found.","type":"invalid_request_error"}}""")]
    [TestCase(
        400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"type\":\"invalid_request_error\"}}"}}}""")]
    public void Classify_TheRequestsOwnDefect_IsRejected(int status, string body) =>
        Assert.That(Classify(status, body), Is.InstanceOf<ProviderOutcome.Rejected>());

    [TestCase("""{"error":null,"message":"fine","choices":[{"message":{"content":"yes"}}]}""")]
    [TestCase("""{"error":{"code":null,"message":"","type":""},"choices":[{"message":{"content":"yes"}}]}""")]
    [TestCase("""{"error":{"code":0,"message":"success"},"choices":[{"finish_reason":"stop","message":{"content":"yes"}}]}""")]
    public void Classify_AnErrorBesideAFinishedChoice_IsAnAnswer(string body) =>
        Assert.That(Classify(200, body), Is.InstanceOf<ProviderOutcome.Answered>());

    /// <summary>Servers that cannot parse the call that their model wrote. It is paid, and may come again: the model is told.</summary>
    [TestCase(
        400,
        """{"error":{"message":"Failed to call a function. Please adjust your prompt.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"web_search{\"q\": 1}</function>"}}""",
        "web_search{\"q\": 1}</function>")]
    [TestCase(
        400,
        """{"error":{"message":"litellm.BadRequestError: GroqException - {\"error\":{\"message\":\"m\",\"code\":\"tool_use_failed\",\"failed_generation\":\"f{\"}}","code":"400"}}""",
        "f{")]
    [TestCase(
        500,
        """{"error":{"message":"error parsing tool call: raw='{\"path\":\"a\"}]', err=invalid character ']' after top-level value","type":"api_error"}}""",
        "{\"path\":\"a\"}]")]
    [TestCase(500, """{"error":{"code":500,"message":"Failed to parse input at pos 12: </tool_call>","type":"server_error"}}""", "</tool_call>")]
    [TestCase(
        500,
        """{"error":{"code":500,"message":"The model produced output that does not match the expected peg-native format","type":"server_error"}}""",
        null)]
    public void Classify_ServerCannotParseTheModelsCall_IsAnAnswerThatAnnouncedIt(int status, string body, string? text)
    {
        var answer = ((ProviderOutcome.Answered)Classify(status, body)).Answer;
        Assert.That((answer.Text, answer.ToolCalls.Count, answer.FinishReason), Is.EqualTo((text, 0, "tool_calls")));
        Assert.That(answer.Usage.Total, Is.GreaterThan(0));
    }

    /// <summary>Tokens were counted for it, so asking for ever would be paid for ever.</summary>
    [TestCase("""{"choices":[{"index":0,"finish_reason":"content_filter: PROHIBITED_CONTENT"}],"usage":{"prompt_tokens":9}}""", "content_filter")]
    [TestCase("""{"choices":[{"index":0,"finish_reason":"SAFETY","message":null}]}""", "content_filter")]
    [TestCase("""{"choices":[{"index":0,"finish_reason":"stop"}]}""", "stop")]
    [TestCase("""{"object":"chat.completion","choices":[],"usage":{"prompt_tokens":4241,"completion_tokens":0}}""", "stop")]
    [TestCase("""{"object":"chat.completion","choices":null,"usage":{"prompt_tokens":1396}}""", "stop")]
    [TestCase("""{"object":"chat.completion","usage":{"prompt_tokens":1396}}""", "stop")]
    public void Classify_AnswerWithNothingInIt_IsAnAnswer(string body, string finishReason)
    {
        var answer = ((ProviderOutcome.Answered)Classify(200, body)).Answer;
        Assert.That((answer.Text, answer.ToolCalls.Count, answer.FinishReason), Is.EqualTo(((string?)null, 0, finishReason)));
    }

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
    [TestCase("Bad input: \\u0050\\u006c\\u0061\\u006e \\u0074\\u0068\\u0065 \\u0073\\u0075\\u0072\\u0070\\u0072\\u0069\\u0073\\u0065\\u0020party")]
    [TestCase("Bad input: {\\\\\"content\\\\\": \\\\\"Plan\\\\u0020the\\\\u0020surprise\\\\u0020party for Ada")]
    [TestCase("1 validation error: messages.1.content, input_value='hidden2', input_type=str")]
    [TestCase("Incorrect API key provided: hidden12********hidden34.")]
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
