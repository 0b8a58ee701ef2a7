using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Writes the bodies of the gateway's answers.</summary>
internal static class HttpAnswers
{
    public static async Task WriteAsync<T>(
        this HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        await context.WriteBytesAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), contentType);
    }

    public static async Task WriteBytesAsync(this HttpContext context, ReadOnlyMemory<byte> bytes, string contentType = "application/json")
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
