using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using AgentOperator.Api;
using AgentOperator.Gateway.Models.Streaming;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Sends one request to a provider and says what came of it. It repeats a request only without what the provider refuses in it, and after another
/// look at the journal: everything else is the pipeline's to decide.
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
        var body = RequestBody.With(request.Body, request.Parameters, limit);
        var form = new ProviderForm(endpoint.Spec.Streaming ? BodyFields.WithStream(body) : body, stepKey, limit ?? request.Request.OutputLimit);
        using var connection = transport.Rent(endpoint);
        while (true)
        {
            var (outcome, accepted) = await SendAsync(connection, baseUrl, request, credentials, form, cancellationToken);
            if (accepted is null)
            {
                return outcome!;
            }

            if (await request.LookAgain(cancellationToken) is { } ended)
            {
                return ended;
            }

            form = accepted;
        }
    }

    /// <summary>Sends the request in one form.</summary>
    /// <returns>What came of it, or the form to send it in again: the provider refused this one, and was not paid for it.</returns>
    private async Task<(ProviderOutcome? Outcome, ProviderForm? Accepted)> SendAsync(
        ConnectionLease connection, Uri baseUrl, ProviderRequest request, EndpointCredentials credentials, ProviderForm form,
        CancellationToken cancellationToken)
    {
        var (endpoint, model) = (request.Endpoint, request.Request.Model);
        var content = new RequestContent(form.Body);
        try
        {
            using var message = Message(ProviderUrl.ChatCompletions(baseUrl), endpoint.Spec, credentials, form.StepKey, content);
            using var response = await connection.Http.SendAsync(message, cancellationToken);
            var answer = await ReadAsync(response, endpoint.Spec.Streaming, cancellationToken);
            if (answer.Status is StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity)
            {
                // Each time at least one field fewer.
                if (RefusedFields.Without(form.Body, answer.Body) is { } fewer)
                {
                    return (null, form.With(fewer));
                }

                if (form.OutputLimit is { } sent && OtherLimit(sent, answer) is { } other)
                {
                    limits.Learn(endpoint, model, other);
                    return (null, form.WithLimitRenamed(other));
                }
            }

            var outcome = AnswerClassifier.Classify(answer, form.Body, model, credentials.Texts, time.GetUtcNow());
            if (outcome is not ProviderOutcome.Answered && UnusedAnswer.IsPaid(answer, out var usage))
            {
                request.OnUnused(usage ?? request.EstimatedUsage);
            }

            return (outcome is ProviderOutcome.Rejected { Tools: null } ? RefusedParameter.Find(request, answer) ?? outcome : outcome, null);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // Paid, and as large when it is asked for again.
            var kept = new ModelAnswerPayload { Model = model, FinishReason = ModelAnswerPayload.TooLarge };
            return (new ProviderOutcome.Answered(AnswerClassifier.WithUsage(kept, form.Body.Length, MaxAnswerBytes)), null);
        }
        catch (HttpRequestException exception) when (AddressRefusedException.In(exception) is { } refused)
        {
            var reason = ConnectionProblem.Describe(refused, baseUrl, endpoint.Spec.ProxyUrl);
            return (new ProviderOutcome.NeedsPerson(Reasons.InvalidModelEndpoint, reason), null);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Canceled by nobody: the handler's own limit for making a connection.
            CountIfSent(request, content);
            return (new ProviderOutcome.Unavailable(ConnectionProblem.Describe(exception, endpoint.Spec.ProxyUrl)), null);
        }
        catch (MalformedAnswerException exception)
        {
            CountIfSent(request, content);
            return (AnswerClassifier.Unexpected(exception.Message), null);
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

    private static string? OtherLimit(string sent, ProviderResponse answer) =>
        OutputLimitNames.Other(sent, Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, MaxErrorBytes)]));

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
