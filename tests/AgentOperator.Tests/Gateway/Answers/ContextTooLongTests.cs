using System.Text;
using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway.Answers;

/// <summary>How providers say that a conversation is longer than their model's context.</summary>
[TestFixture]
internal sealed class ContextTooLongTests
{
    private static readonly byte[] Request = Encoding.UTF8.GetBytes("""{"model":"gpt-x","messages":[{"role":"user","content":"Plan the party."}]}""");

    [TestCase(
        400,
        """{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""",
        9000, 8192)]
    [TestCase(400, """{"error":{"message":"Too long.","code":"context_length_exceeded"}}""", null, null)]
    [TestCase(
        400,
        """{"object":"error","message":"This model's maximum context length is 16384 tokens. However, you requested 22946 tokens (12946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.","type":"BadRequestError","code":400}""",
        12946, 6384)]
    [TestCase(
        400,
        """{"error":{"message":"This model's maximum context length is 2048 tokens. However, you requested 1000 output tokens and your prompt contains at least 1049 input tokens, for a total of at least 2049 tokens.","type":"BadRequestError","code":400}}""",
        1049, 1048)]
    [TestCase(
        400,
        """{"error":{"message":"'max_tokens' is too large: 1024. This model's maximum context length is 4096 tokens and your request has 3500 input tokens (1024 > 4096 - 3500).","type":"BadRequestError"}}""",
        3500, 3072)]
    [TestCase(
        400,
        """{"error":{"code":400,"message":"the request exceeds the available context size. try increasing the context size or enable context shift","type":"exceed_context_size_error","n_prompt_tokens":14429,"n_ctx":8192}}""",
        14429, 8192)]
    [TestCase(
        400, """{"error":{"code":400,"message":"request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it"}}""", 5000,
        4096)]
    [TestCase(500, """{"error":{"code":500,"message":"the request exceeds the available context size","type":"server_error"}}""", null, null)]
    [TestCase(
        200, """{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}""", null, null)]
    [TestCase(
        400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""", 210000,
        200000)]
    [TestCase(
        400,
        """{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again"}}""",
        190000, 180000)]
    [TestCase(413, """{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""", null, null)]
    [TestCase(
        400,
        """[{"error":{"code":400,"message":"The input token count (1,200,000) exceeds the maximum number of tokens allowed (1,048,576).","status":"INVALID_ARGUMENT"}}]""",
        1200000, 1048576)]
    [TestCase(400, """{"__type":"ValidationException","message":"Input is too long for requested model."}""", null, null)]
    [TestCase(
        400,
        """{"object":"error","message":"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length","type":"invalid_request_error"}""",
        40000, 32768)]
    [TestCase(
        413,
        """{"error":{"message":"Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 7000, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}""",
        7000, 6000)]
    [TestCase(
        429,
        """{"error":{"message":"Request too large for gpt-x on tokens per min (TPM): Limit 10000, Requested 12000. The input or output tokens must be reduced.","type":"tokens","code":"rate_limit_exceeded"}}""",
        12000, 10000)]
    [TestCase(
        400, """{"error":{"message":"This endpoint's maximum context length is 8192 tokens. However, you requested about 9000 tokens (8000 of text input, 1000 in the output).","code":400}}""",
        8000, 7192)]
    [TestCase(422, """{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 8000 `inputs` tokens and 500 `max_new_tokens`"}""", 8000, 7693)]
    [TestCase(400, """{"code":"InvalidParameter","message":"Range of input length should be [1, 30720]"}""", null, null)]
    [TestCase(
        400, """{"error":{"message":"litellm.ContextWindowExceededError: too long","type":"invalid_request_error","code":"ContextWindowExceededError"}}""",
        null, null)]
    [TestCase(
        400,
        """{"object":"error","message":"The decoder prompt (length 21535) is longer than the maximum model length of 16384. Make sure that `max_model_len` is no smaller.","type":"BadRequestError","code":400}""",
        21535, 16384)]
    [TestCase(500, """{"detail":"[pid=1] The decoder prompt (length 66501) is longer than the maximum model length of 65536."}""", 66501, 65536)]
    [TestCase(400, """{"message":"The prompt (total length 25938) is too long to fit into the model (context length 4096)."}""", 25938, 4096)]
    [TestCase(
        400,
        """{"object":"error","message":"The input (40000 tokens) is longer than the model's context length (32768 tokens).","type":"BadRequestError","code":400}""",
        40000, 32768)]
    [TestCase(
        422, """{"error":"Input validation error: `inputs` must have less than 4095 tokens. Given: 5000","error_type":"validation"}""", 5000, 4095)]
    [TestCase(
        400, """{"error":{"message":"Invalid request: Your request exceeded model token limit: 8192","type":"invalid_request_error"}}""", null, null)]
    [TestCase(400, """{"message":"Input Tokens Exceeded: Number of input tokens exceeds maximum length."}""", null, null)]
    [TestCase(400, """{"message":"Too many input tokens. Max input tokens: 8192, request input token count: 9000"}""", 9000, 8192)]
    [TestCase(
        400,
        """{"error":{"code":400,"message":"Unable to submit request because the input token count is 1200000 but model only supports up to 1048576.","status":"INVALID_ARGUMENT"}}""",
        1200000, 1048576)]
    [TestCase(400, """{"error":{"code":"1261","message":"Prompt exceeds max length"}}""", null, null)]
    [TestCase(
        400, """{"error":"The number of tokens to keep from the initial prompt is greater than the context length. Provide a shorter input"}""", null,
        null)]
    [TestCase(
        400,
        """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Too long.\",\"code\":\"context_length_exceeded\"}}"}}}""",
        null, null)]
    [TestCase(
        400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"prompt is too long: 210000 tokens > 200000 maximum"}}}""",
        210000, 200000)]
    [TestCase(413, "<html>413 Request Entity Too Large</html>", null, null)]
    [TestCase(413, "", null, null)]
    public void Classify_ConversationIsTooLong_SaysSoAndByHowMuch(int status, string body, int? size, int? limit)
    {
        var outcome = Classify(status, body) as ProviderOutcome.TooLong;

        Assert.That(outcome, Is.Not.Null);
        Assert.That((outcome!.Size?.Size, outcome.Size?.Limit), Is.EqualTo(((long?)size, (long?)limit)));
        Assert.That(outcome.Reason, Does.StartWith("The model endpoint answered "));
    }

    /// <summary>Words that also stand in errors of another kind.</summary>
    [TestCase(429, """{"error":{"message":"Rate limit reached on tokens per min: Limit 10000, Used 9000, Requested 2000.","code":"rate_limit_exceeded"}}""")]
    [TestCase(429, """{"error":{"message":"You exceeded your current quota for this context.","code":"insufficient_quota"}}""")]
    [TestCase(400, """{"__type":"ThrottlingException","message":"Too many tokens, please wait before trying again."}""")]
    [TestCase(400, """{"error":{"message":"Invalid 'tools[0].function.description': string too long.","code":"string_above_max_length"}}""")]
    [TestCase(401, """{"error":{"message":"Your plan's maximum context length is 8192 tokens","code":"invalid_api_key"}}""")]
    [TestCase(429, """{"error":{"message":"You have exceeded the model rate limit. Too many input tokens per day."}}""")]
    [TestCase(429, """{"error":{"status":"RESOURCE_EXHAUSTED","message":"Quota exceeded for metric: free_tier_input_token_count, limit: 250000"}}""")]
    [TestCase(404, """{"error":{"message":"The model `x-large-context` does not exist","code":"model_not_found"}}""")]
    [TestCase(500, """{"error":{"message":"context deadline exceeded: context canceled"}}""")]
    [TestCase(503, """{"error":{"message":"deadline exceeded while waiting for a slot"}}""")]
    public void Classify_AnotherError_IsNotTakenForIt(int status, string body) =>
        Assert.That(Classify(status, body), Is.Not.InstanceOf<ProviderOutcome.TooLong>());

    /// <summary>A size without a limit that it exceeds says nothing.</summary>
    [TestCase("maximum context length is 8192 tokens. However, you requested 100 tokens")]
    [TestCase("maximum context length is 99999999999999999999 tokens, you requested 100000000000000000000 tokens")]
    [TestCase("maximum context length is 100 tokens (900 in the messages, 500 in the completion)")]
    [TestCase("")]
    public void Find_SizesThatMakeNoSense_IsNone(string text) => Assert.That(RequestSize.Find(Encoding.UTF8.GetBytes(text)), Is.Null);

    private static ProviderOutcome Classify(int status, string body) => AnswerClassifier.Classify(
        new ProviderResponse(status, new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body)), Request, "gpt-x", [],
        DateTimeOffset.UnixEpoch);
}
