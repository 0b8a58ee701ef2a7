namespace AgentOperator.ModelServer.Chat;

/// <summary>Errors as OpenAI writes them.</summary>
internal static class ErrorBody
{
    public static byte[] Write(int status, string? code, string message) => JsonBody.WriteObject(json =>
    {
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", TypeOf(status));
        json.WriteNull("param");
        json.WriteString("code", code);
        json.WriteEndObject();
    });

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
