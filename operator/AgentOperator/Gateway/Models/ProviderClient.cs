using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using AgentOperator.Api;
using AgentOperator.Gateway.Models.Streaming;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Sends one request to a provider and says what came of it. It repeats a request only without what the provider refuses in it: everything else is
/// the pipeline's to decide.
/// </summary>
internal sealed class ProviderClient(ProviderTransport transport, OutputLimitNames limits, TimeProvider time)
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;
    private const int MaxErrorBytes = 64 * 1024;

    public async Task<ProviderOutcome> CallAsync(
        ProviderRequest request, EndpointCredentials credentials, string stepKey, CancellationToken cancellationToken)
    {
        if (credentials.Problem is { } problem)
        {
            return problem;
        }

        var (endpoint, model) = (request.Endpoint, request.Request.Model);
        if (!HttpUrl.TryParse(endpoint.Spec.BaseUrl, out var baseUrl, out var wrong))
        {
            return new ProviderOutcome.NeedsPerson(Reasons.InvalidModelEndpoint, $"spec.baseUrl: {wrong}.");
        }

        var limit = request.Request.OutputLimit is null ? null : limits.Find(endpoint, model);
        var isStreaming = endpoint.Spec.Streaming;
        var body = RequestBody.With(request.Body, request.Parameters, limit);
        body = isStreaming ? BodyFields.WithStream(body) : body;
        var content = new RequestContent(body);
        var isLimitRenamed = false;
        using var connection = transport.Rent(endpoint);
        try
        {
            while (true)
            {
                content = new RequestContent(body);
                using var message = Message(ProviderUrl.ChatCompletions(baseUrl), endpoint.Spec, credentials, stepKey, content);
                using var response = await connection.Http.SendAsync(message, cancellationToken);
                var answer = await ReadAsync(response, isStreaming, cancellationToken);
                if (answer.Status is StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity)
                {
                    // Each time at least one field fewer. A request that is refused so is not paid, and its key must not bring its refusal again.
                    if (RefusedFields.Without(body, answer.Body) is { } accepted)
                    {
                        (body, stepKey) = (accepted, stepKey + "-reduced");
                        continue;
                    }

                    if (!isLimitRenamed && OtherLimit(limit ?? request.Request.OutputLimit, answer) is { } other)
                    {
                        limits.Learn(endpoint, model, other);
                        (body, stepKey, isLimitRenamed) = (RequestBody.With(body, RequestBody.NoFields, other), stepKey + "-renamed", true);
                        continue;
                    }
                }

                var outcome = AnswerClassifier.Classify(answer, body, model, credentials.Texts, time.GetUtcNow());
                if (outcome is not ProviderOutcome.Answered && UnusedAnswer.IsPaid(answer, out var usage))
                {
                    request.OnUnused(usage ?? request.EstimatedUsage);
                }

                return outcome is ProviderOutcome.Rejected { Tools: null } ? RefusedParameter.Find(request, answer) ?? outcome : outcome;
            }
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // Paid, and as large when it is asked for again.
            return new ProviderOutcome.Answered(AnswerClassifier.WithUsage(
                new ModelAnswerPayload { Model = model, FinishReason = ModelAnswerPayload.TooLarge }, body.Length, MaxAnswerBytes));
        }
        catch (HttpRequestException exception) when (AddressRefusedException.In(exception) is { } refused)
        {
            return new ProviderOutcome.NeedsPerson(
                Reasons.InvalidModelEndpoint, ConnectionProblem.Describe(refused, baseUrl, endpoint.Spec.ProxyUrl));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Canceled by nobody: the handler's own limit for making a connection.
            CountIfSent(request, content);
            return new ProviderOutcome.Unavailable(ConnectionProblem.Describe(exception, endpoint.Spec.ProxyUrl));
        }
        catch (MalformedAnswerException exception)
        {
            CountIfSent(request, content);
            return AnswerClassifier.Unexpected(exception.Message);
        }
        catch (OperationCanceledException)
        {
            CountIfSent(request, content);
            throw;
        }
    }

    /// <summary>Reads the response, also a stream that nobody asked for.</summary>
    private async Task<ProviderResponse> ReadAsync(HttpResponseMessage response, bool isStreaming, CancellationToken cancellationToken)
    {
        isStreaming |= response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Text.EventStream;
        try
        {
            return isStreaming && response.IsSuccessStatusCode
                ? await StreamedResponse.ReadAsync(response, MaxAnswerBytes, time, cancellationToken)
                : await ProviderResponse.ReadAsync(response, MaxAnswerBytes, cancellationToken);
        }
        catch (HttpRequestException exception)
            when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded && !response.IsSuccessStatusCode)
        {
            // An error that repeats the request. Its status says enough.
            return ProviderResponse.Of(response, default);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            return response.IsSuccessStatusCode
                ? throw new MalformedAnswerException("The model endpoint's answer cannot be decompressed as its Content-Encoding says.", exception)
                : ProviderResponse.Of(response, default);
        }
    }

    /// <summary>Nobody knows what a provider did that was sent a request and did not answer it to the end.</summary>
    private static void CountIfSent(ProviderRequest request, RequestContent content)
    {
        if (content.IsSent)
        {
            request.OnUnused(request.EstimatedUsage);
        }
    }

    private static string? OtherLimit(string? sent, ProviderResponse answer) => sent is null
        ? null
        : OutputLimitNames.Other(sent, Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, MaxErrorBytes)]));

    private static HttpRequestMessage Message(
        Uri url, ModelEndpointSpec spec, EndpointCredentials credentials, string stepKey, RequestContent content)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        message.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
        if (spec.ApiKeySecretRef is { } key)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credentials[key]);
        }

        foreach (var header in spec.Headers)
        {
            var value = header.SecretKeyRef is { } reference ? credentials[reference] : header.Value;

            // A few names are headers of the content for HttpClient.
            _ = message.Headers.TryAddWithoutValidation(header.Name, value) || message.Content.Headers.TryAddWithoutValidation(header.Name, value);
        }

        return message;
    }
}
