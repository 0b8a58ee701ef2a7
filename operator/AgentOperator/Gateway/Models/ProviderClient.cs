using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>Sends one request to a provider and says what came of it. It never repeats a request: that is the pipeline's to decide.</summary>
internal sealed class ProviderClient(ProviderTransport transport, TimeProvider time) : IDisposable
{
    /// <summary>A provider that names a longer time than this is asked again after this.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    // The pipeline holds the timeouts.
    private readonly HttpClient _http = new(transport.Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<ProviderOutcome> CallAsync(
        Uri baseUrl, string? apiKey, string model, string stepKey, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/chat/completions"))
        {
            Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
        if (apiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var answer = await ReadAsync(response.Content, cancellationToken);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity
                && RefusedFields.Without(body, answer) is { } accepted)
            {
                // Each time at least one field fewer. A request that is refused so is not paid, and its key must not bring its refusal again.
                return await CallAsync(baseUrl, apiKey, model, stepKey + "-reduced", accepted, cancellationToken);
            }

            return response.IsSuccessStatusCode
                ? new ProviderOutcome.Answered(WithUsage(ProviderAnswer.Parse(answer, model, body), body.Length, answer.Length))
                : Refusal(response, body, answer);
        }
        catch (MalformedAnswerException exception)
        {
            return new ProviderOutcome.Unavailable(exception.Message);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // Paid, and as large when it is asked for again.
            return new ProviderOutcome.Answered(WithUsage(
                new ModelAnswerPayload { Model = model, FinishReason = ModelAnswerPayload.TooLarge }, body.Length, MaxAnswerBytes));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            var error = (exception as HttpRequestException)?.HttpRequestError.ToString() ?? "broken off";
            return new ProviderOutcome.Unavailable($"the connection to the model endpoint failed ({error})");
        }
    }

    public void Dispose() => _http.Dispose();

    private ProviderOutcome Refusal(HttpResponseMessage response, ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> body)
    {
        // The provider's message may quote the prompt; its code does not.
        var code = ErrorCode(body);
        var said = $"the model endpoint answered {(int)response.StatusCode}{(code is null ? "" : $" ({code})")}";
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests when code is "insufficient_quota" => new ProviderOutcome.Rejected($"{said}: the quota is used up"),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new ProviderOutcome.Unavailable(said, RetryAfter(response.Headers)),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new ProviderOutcome.Rejected($"{said}: check the ModelEndpoint's apiKeySecretRef"),
            HttpStatusCode.NotFound => new ProviderOutcome.Rejected($"{said}: check the ModelEndpoint's baseUrl and the run's spec.model.name"),
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity when RefusedTools.Find(request, body) is { Count: > 0 } tools =>
                new ProviderOutcome.Rejected(said, tools),
            _ => new ProviderOutcome.Rejected(said),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.First(), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds >= 0)
        {
            return TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestRetryAfter.TotalMilliseconds));
        }

        return headers.RetryAfter switch
        {
            { Delta: { } delta } => Capped(delta),
            { Date: { } date } => Capped(date - time.GetUtcNow()),
            _ => null,
        };

        static TimeSpan Capped(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestRetryAfter ? LongestRetryAfter : wait;
    }

    private static string? ErrorCode(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            foreach (var name in (ReadOnlySpan<string>)["code", "type"])
            {
                if (error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    && value.GetString() is { Length: > 0 and <= 64 } text
                    && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
                {
                    return text;
                }
            }

            return null;
        }
        catch (JsonException)
        {
            // An error page of a proxy: the status says enough.
            return null;
        }
    }

    /// <summary>A provider that counts nothing must not make a budget endless: four bytes are about a token.</summary>
    private static ModelAnswerPayload WithUsage(ModelAnswerPayload answer, int requestBytes, int answerBytes) =>
        answer.Usage.Total > 0 ? answer : answer with { Usage = new TokenUsage(requestBytes / 4, answerBytes / 4, 0) };

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        return JsonText.Repair(await content.ReadAsByteArrayAsync(cancellationToken));
    }
}
