using System.Net.Http.Headers;
using System.Text;
using AgentOperator.Api;
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
        var limit = request.Request.OutputLimit is null ? null : limits.Find(endpoint, model);
        var body = RequestBody.With(request.Body, request.Parameters, limit);
        var isLimitRenamed = false;
        using var connection = transport.Rent(endpoint);
        try
        {
            while (true)
            {
                using var message = Message(endpoint.Spec, credentials, stepKey, body);
                using var response = await connection.Http.SendAsync(message, cancellationToken);
                var answer = await ProviderResponse.ReadAsync(response, MaxAnswerBytes, cancellationToken);
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
                return outcome is ProviderOutcome.Rejected { Tools: null } ? RefusedParameter.Find(request, answer) ?? outcome : outcome;
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
            return new ProviderOutcome.Unavailable(ConnectionProblem.Describe(exception, endpoint.Spec.ProxyUrl));
        }
    }

    private static string? OtherLimit(string? sent, ProviderResponse answer) => sent is null
        ? null
        : OutputLimitNames.Other(sent, Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, MaxErrorBytes)]));

    private static HttpRequestMessage Message(
        ModelEndpointSpec spec, EndpointCredentials credentials, string stepKey, ReadOnlyMemory<byte> body)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, ProviderUrl.ChatCompletions(spec.BaseUrl))
        {
            Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
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
