using System.Net.Http.Headers;
using AgentOperator.Api;
using AgentOperator.Gateway.Models.Streaming;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Sends one request to a provider and says what came of it. It repeats a request only without what the provider refuses in it: everything else is
/// the pipeline's to decide.
/// </summary>
internal sealed class ProviderClient(ProviderTransport transport, TimeProvider time) : IDisposable
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    // The pipeline holds the timeouts.
    private readonly HttpClient _http = new(transport.Handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<ProviderOutcome> CallAsync(ProviderRequest request, string? apiKey, string stepKey, CancellationToken cancellationToken)
    {
        if (apiKey?.All(c => c is >= ' ' and <= '~') == false)
        {
            return new ProviderOutcome.NeedsPerson(
                Reasons.KeyRefused, "The API key in the ModelEndpoint's Secret has characters that cannot be sent. Check the Secret.");
        }

        var (spec, model) = (request.Endpoint.Spec, request.Request.Model);
        var body = spec.Streaming ? BodyFields.WithStream(request.Body) : request.Body;
        var content = new RequestContent(body);
        try
        {
            while (true)
            {
                content = new RequestContent(body);
                using var message = Message(spec, apiKey, stepKey, content);
                using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                var answer = spec.Streaming && response.IsSuccessStatusCode
                    ? await StreamedResponse.ReadAsync(response, MaxAnswerBytes, time, cancellationToken)
                    : await ProviderResponse.ReadAsync(response, MaxAnswerBytes, cancellationToken);
                if (answer.Status is StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity
                    && RefusedFields.Without(body, answer.Body) is { } accepted)
                {
                    // Each time at least one field fewer. A request that is refused so is not paid, and its key must not bring its refusal again.
                    (body, stepKey) = (accepted, stepKey + "-reduced");
                    continue;
                }

                var outcome = AnswerClassifier.Classify(answer, body, model, apiKey, time.GetUtcNow());
                if (outcome is not ProviderOutcome.Answered && UnusedAnswer.IsPaid(answer, out var usage))
                {
                    request.OnUnused(usage ?? request.EstimatedUsage);
                }

                return outcome;
            }
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // Paid, and as large when it is asked for again.
            return new ProviderOutcome.Answered(AnswerClassifier.WithUsage(
                new ModelAnswerPayload { Model = model, FinishReason = ModelAnswerPayload.TooLarge }, body.Length, MaxAnswerBytes));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            CountIfSent(request, content);
            return new ProviderOutcome.Unavailable(Describe((exception as HttpRequestException)?.HttpRequestError));
        }
        catch (OperationCanceledException)
        {
            CountIfSent(request, content);
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Nobody knows what a provider did that was sent a request and did not answer it to the end.</summary>
    private static void CountIfSent(ProviderRequest request, RequestContent content)
    {
        if (content.IsSent)
        {
            request.OnUnused(request.EstimatedUsage);
        }
    }

    private static HttpRequestMessage Message(ModelEndpointSpec spec, string? apiKey, string stepKey, RequestContent content)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(spec.BaseUrl.TrimEnd('/') + "/chat/completions")) { Content = content };
        message.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
        if (apiKey is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        return message;
    }

    private static string Describe(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => "The host name of the model endpoint cannot be resolved.",
        HttpRequestError.ConnectionError => "The model endpoint cannot be reached, or refuses the connection.",
        HttpRequestError.SecureConnectionError => "The TLS connection to the model endpoint failed. If it stays so, check its certificate.",
        _ => "The connection to the model endpoint broke off.",
    };
}
