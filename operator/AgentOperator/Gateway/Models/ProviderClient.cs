using System.Net.Http.Headers;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>Sends one request to a provider and says what came of it. It never repeats a request: that is the pipeline's to decide.</summary>
internal sealed class ProviderClient(ProviderTransport transport, TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    // The pipeline holds the timeouts.
    private readonly HttpClient _http = new(transport.Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<ProviderOutcome> CallAsync(
        Uri baseUrl, string? apiKey, string model, string stepKey, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (apiKey?.All(c => c is >= ' ' and <= '~') == false)
        {
            return new ProviderOutcome.NeedsPerson(
                Reasons.KeyRefused, "The API key in the ModelEndpoint's Secret has characters that cannot be sent. Check the Secret.");
        }

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
            var answer = await ProviderResponse.ReadAsync(response, MaxAnswerBytes, cancellationToken);
            if (answer.Status is StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity
                && RefusedFields.Without(body, answer.Body) is { } accepted)
            {
                // Each time at least one field fewer. A request that is refused so is not paid, and its key must not bring its refusal again.
                return await CallAsync(baseUrl, apiKey, model, stepKey + "-reduced", accepted, cancellationToken);
            }

            return AnswerClassifier.Classify(answer, body, model, apiKey, time.GetUtcNow());
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // Paid, and as large when it is asked for again.
            return new ProviderOutcome.Answered(AnswerClassifier.WithUsage(
                new ModelAnswerPayload { Model = model, FinishReason = ModelAnswerPayload.TooLarge }, body.Length, MaxAnswerBytes));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ProviderOutcome.Unavailable(Describe((exception as HttpRequestException)?.HttpRequestError));
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Describe(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => "The host name of the model endpoint cannot be resolved.",
        HttpRequestError.ConnectionError => "The model endpoint cannot be reached, or refuses the connection.",
        HttpRequestError.SecureConnectionError => "The TLS connection to the model endpoint failed. If it stays so, check its certificate.",
        _ => "The connection to the model endpoint broke off.",
    };
}
