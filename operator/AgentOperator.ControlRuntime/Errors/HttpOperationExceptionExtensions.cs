using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using k8s.Autorest;

namespace AgentOperator.ControlRuntime;

/// <summary>The one place that knows what the API server's status codes mean.</summary>
public static class HttpOperationExceptionExtensions
{
    /// <summary>The most UTF-8 bytes of what a server says. Any proxy in between may answer in its place, with any page.</summary>
    private const int MaxTextBytes = 4096;

    /// <summary>404: the object, its namespace or its kind does not exist.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsNotFound(this HttpOperationException exception) => Is(exception, HttpStatusCode.NotFound);

    /// <summary>409 other than "already exists": somebody else changed the object, or owns the applied field.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsConflict(this HttpOperationException exception) =>
        Is(exception, HttpStatusCode.Conflict) && exception.Reason() != "AlreadyExists";

    /// <summary>409 with reason <c>AlreadyExists</c>: an object of that name is there.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsAlreadyExists(this HttpOperationException exception) =>
        Is(exception, HttpStatusCode.Conflict) && exception.Reason() == "AlreadyExists";

    /// <summary>410: the resource version or continue token is too old; list again.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsGone(this HttpOperationException exception) => Is(exception, HttpStatusCode.Gone);

    /// <summary>429: the server is busy, or an eviction would violate a disruption budget.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsTooManyRequests(this HttpOperationException exception) => Is(exception, HttpStatusCode.TooManyRequests);

    /// <summary>403: RBAC, a quota or an admission rule says no.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsForbidden(this HttpOperationException exception) => Is(exception, HttpStatusCode.Forbidden);

    /// <summary>422: the object breaks its schema or a validation rule.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsInvalid(this HttpOperationException exception) => Is(exception, HttpStatusCode.UnprocessableEntity);

    /// <summary>403 because the namespace is being deleted: nothing can be created there any more.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsNamespaceTerminating(this HttpOperationException exception) =>
        exception.IsForbidden() && Status(exception) is { } status
        && Causes(status).Any(cause => Text(cause, "reason") == "NamespaceTerminating");

    /// <summary>A failure that time may mend: 408, 429 or any 5xx.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsTransient(this HttpOperationException exception) =>
        Is(exception, HttpStatusCode.RequestTimeout) || exception.IsTooManyRequests() || Code(exception) is { } code && (int)code >= 500;

    /// <summary>
    /// A refusal of what was sent, which the same request gets again: any 4xx but those that time (408, 429), rights and quotas (401, 403), or the
    /// object's own state (404, 409, 410) explain.
    /// </summary>
    /// <param name="exception">The failure.</param>
    /// <returns>True when it is.</returns>
    public static bool IsRefusedForGood(this HttpOperationException exception) => Code(exception) is { } code && (int)code is >= 400 and < 500
        && code is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.RequestTimeout
            or HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.TooManyRequests);

    /// <summary>The machine-readable reason in the server's Status, such as <c>AlreadyExists</c>.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>The reason; empty when the answer holds none.</returns>
    public static string Reason(this HttpOperationException exception) => Status(exception) is { } status ? Text(status, "reason") : "";

    /// <summary>The sentence in the server's Status, as plain text of 4 KiB at most.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>The sentence; the exception's own message when the answer holds none.</returns>
    public static string StatusMessage(this HttpOperationException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var message = Status(exception) is { } status && Text(status, "message") is { Length: > 0 } said ? said : exception.Message;
        return TextLimit.Cut(message, MaxTextBytes);
    }

    /// <summary>
    /// What may be logged: the server's sentence, but for a refused object only the fields and why, since the sentence quotes their values.
    /// </summary>
    /// <param name="exception">The failure.</param>
    /// <returns>Plain text of 4 KiB at most.</returns>
    public static string Summary(this HttpOperationException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var code = (int?)exception.Response?.StatusCode;
        var said = exception.IsInvalid()
            ? string.Join(
                ", ", Status(exception) is { } status ? Causes(status).Select(cause => $"{Text(cause, "field")} ({Text(cause, "reason")})") : [])
            : Status(exception) is { } other ? Text(other, "message") : "";
        return TextLimit.Cut($"{code} {exception.Reason()}: {said}", MaxTextBytes);
    }

    /// <summary>How long the server asks to wait, from its <c>Retry-After</c> header in seconds.</summary>
    /// <param name="exception">The failure.</param>
    /// <returns>The time; null when the server does not say.</returns>
    public static TimeSpan? RetryAfter(this HttpOperationException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Response?.Headers is { } headers
            && headers.FirstOrDefault(header => string.Equals(header.Key, "Retry-After", StringComparison.OrdinalIgnoreCase)).Value is { } values
            && values.FirstOrDefault() is { } value
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    private static bool Is(HttpOperationException exception, HttpStatusCode code) => Code(exception) == code;

    private static HttpStatusCode? Code(HttpOperationException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Response?.StatusCode;
    }

    private static JsonElement? Status(HttpOperationException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.Response?.Content is not { Length: > 0 } content)
        {
            return null;
        }

        try
        {
            // As bytes: a string with half a surrogate pair would throw.
            var status = JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetBytes(content));
            return status.ValueKind == JsonValueKind.Object ? status : null;
        }
        catch (JsonException)
        {
            // A proxy in between answers in prose; the status code is all there is then.
            return null;
        }
    }

    private static JsonElement.ArrayEnumerator Causes(JsonElement status) =>
        status.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
        && details.TryGetProperty("causes", out var causes) && causes.ValueKind == JsonValueKind.Array
            ? causes.EnumerateArray()
            : default;

    private static string Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair. Webhooks write their own sentences.
            return value.GetRawText();
        }
    }
}
