using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Reads and writes the bodies of the gateway's requests.</summary>
internal static class HttpBodies
{
    /// <summary>The largest JSON message that a runner may send; a chat completion request has its own limit.</summary>
    public const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>Reads a JSON message of at most <see cref="MaxMessageBytes"/>.</summary>
    /// <exception cref="GatewayException">There is none, or it breaks off.</exception>
    /// <exception cref="JsonException">It is not the message that is expected.</exception>
    public static async Task<T> ReadMessageAsync<T>(this HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var body = await context.ReadBytesAsync(MaxMessageBytes);

        // The parser throws on halves of surrogate pairs, which a runner may have taken over from a tool's output.
        return JsonSerializer.Deserialize(JsonText.Repair(body).Span, type) ?? throw GatewayException.Invalid("the body is null");
    }

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="GatewayException">It breaks off.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(this HttpContext context, int maxBytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBytes;
        }

        using var buffer = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, maxBytes));
        try
        {
            await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The runner died while it was sending. Kestrel may report that before it cancels the request.
            throw GatewayException.Invalid("the body breaks off");
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

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
