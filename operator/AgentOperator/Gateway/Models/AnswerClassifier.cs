using AgentOperator.Api;
using AgentOperator.Gateway.Models.Answers;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Says what a provider's answer comes to. Pure. Only what is wrong with the request itself ends a run; everything else passes, or is for a person
/// to mend, and is waited for.
/// </summary>
internal static class AnswerClassifier
{
    /// <summary>Classifies an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="request">The request.</param>
    /// <param name="model">The model that was asked for.</param>
    /// <param name="secrets">The key and the other secrets that were sent.</param>
    /// <param name="now">The current time.</param>
    public static ProviderOutcome Classify(
        ProviderResponse response, ReadOnlyMemory<byte> request, string model, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        var error = ProviderError.Read(response.Body);
        if (UnparsedCall.Find(error, request, model) is { } unparsed)
        {
            return new ProviderOutcome.Answered(WithUsage(unparsed, request.Length, response.Body.Length)) { IsWorthAnotherTry = true };
        }

        return response.IsSuccess && error is null
            ? Answer(response, request, model)
            : Refusal(response, error, request, secrets, now);
    }

    /// <summary>A provider that counts nothing must not make a budget endless: four bytes are about a token.</summary>
    public static ModelAnswerPayload WithUsage(ModelAnswerPayload answer, int requestBytes, int answerBytes) =>
        answer.Usage.Total > 0 ? answer : answer with { Usage = new TokenUsage(requestBytes / 4, answerBytes / 4, 0) };

    /// <summary>What an answer comes to that no chat completions API gives.</summary>
    /// <param name="problem">A sentence.</param>
    public static ProviderOutcome Unexpected(string problem) =>
        new ProviderOutcome.NeedsPerson(Reasons.UnexpectedAnswer, $"{problem} {WhatToDo(Reasons.UnexpectedAnswer)}");

    private static ProviderOutcome Answer(ProviderResponse response, ReadOnlyMemory<byte> request, string model)
    {
        if (!response.LooksLikeJson)
        {
            return Unexpected($"The model endpoint answered {response.Status} with no JSON, but a web page for example.");
        }

        try
        {
            var answer = ProviderAnswer.Parse(response.Body, model, request);
            return FinishReasons.IsOutage(answer.FinishReason)
                ? new ProviderOutcome.Unavailable($"The model endpoint broke off its answer (finish_reason '{answer.FinishReason}').")
                : new ProviderOutcome.Answered(WithUsage(answer, request.Length, response.Body.Length));
        }
        catch (MalformedAnswerException exception) when (exception.Nothing is { } usage)
        {
            return new ProviderOutcome.Answered(new ModelAnswerPayload { Model = model, FinishReason = "stop", Usage = usage })
            {
                IsWorthAnotherTry = true,
            };
        }
        catch (MalformedAnswerException exception)
        {
            // Each try is paid for, and most come to the same.
            return Unexpected(exception.Message);
        }
    }

    private static ProviderOutcome Refusal(
        ProviderResponse response, ProviderError? error, ReadOnlyMemory<byte> request, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        var status = response.IsSuccess ? error?.Status ?? response.Status : response.Status;
        var code = error?.Codes.FirstOrDefault(code => !secrets.Any(secret => code.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        var said = $"The model endpoint answered {response.Status}{(code is null ? "" : $" ({code})")}";
        var kind = ProviderErrorCodes.KindOf(error);
        if (response.RedirectsTo is { } target)
        {
            return new ProviderOutcome.NeedsPerson(
                Reasons.UnexpectedAnswer,
                $"{said}: it redirects to {target}. Redirects are not followed: set baseUrl of the ModelEndpoint to the URL that serves the API.");
        }

        if (IsOfTheRequest(status) && ProviderErrorCodes.AsksForStreaming(error))
        {
            return new ProviderOutcome.NeedsPerson(
                Reasons.UnexpectedAnswer, $"{said}: it only answers with streams. Set spec.streaming of the ModelEndpoint to true.");
        }

        if (status == StatusCodes.Status400BadRequest && IsOfAWebServer(response.Body.Span))
        {
            return Unexpected($"{said} with no JSON. It may expect HTTPS.");
        }

        if (IsTooLong(status, kind))
        {
            return new ProviderOutcome.TooLong(Sentence(said, error, secrets, request), RequestSize.Find(response.Body));
        }

        if (CauseOf(status, kind, error) is { } cause)
        {
            return new ProviderOutcome.NeedsPerson(
                cause, $"{Sentence(said, error, secrets, request)} {WhatToDo(cause)}", RetryTimes.Find(response, error, now));
        }

        // The message of such an error may quote the prompt; its code does not.
        return !Passes(status, kind)
            ? new ProviderOutcome.Rejected($"{said}.", RefusedTools.Find(request, response.Body) is { Count: > 0 } tools ? tools : null)
            : new ProviderOutcome.Unavailable(Sentence(said, error, secrets, request), RetryTimes.Find(response, error, now));
    }

    /// <summary>
    /// Servers say so with 400, 413, 422, 429 or 500, or inside a 200. A 413 always means it, also one of a proxy, and one that is called a rate
    /// limit: a request that is larger than a minute's tokens never passes.
    /// </summary>
    private static bool IsTooLong(int status, ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.Length => status is not (401 or 402 or 403 or 407),
        ProviderErrorKind.Unknown or ProviderErrorKind.Busy or ProviderErrorKind.Request => status == StatusCodes.Status413PayloadTooLarge,
        _ => false,
    };

    /// <summary>What a person has to mend; null if it passes by itself or is the request's fault.</summary>
    private static string? CauseOf(int status, ProviderErrorKind kind, ProviderError? error) => kind switch
    {
        ProviderErrorKind.Quota => Reasons.QuotaExceeded,
        ProviderErrorKind.Model => Reasons.ModelNotFound,
        ProviderErrorKind.Key => Reasons.KeyRefused,
        ProviderErrorKind.Busy when status is not (401 or 402) => null,
        ProviderErrorKind.Request when status == 403 || IsOfTheRequest(status) => null,
        _ => status switch
        {
            401 or 403 or 407 => Reasons.KeyRefused,
            402 => Reasons.QuotaExceeded,
            404 or 410 => ProviderErrorCodes.SpeaksOfAModel(error) ? Reasons.ModelNotFound : Reasons.UnexpectedAnswer,
            _ => Passes(status, kind) || IsOfTheRequest(status) ? null : Reasons.UnexpectedAnswer,
        },
    };

    /// <summary>Whether an error passes by itself. One inside a 200 does, unless it says otherwise.</summary>
    private static bool Passes(int status, ProviderErrorKind kind) =>
        kind == ProviderErrorKind.Busy || status is 408 or 409 or 423 or 424 or 425 or 429 or 499 or >= 500
        || (status < 300 && kind != ProviderErrorKind.Request);

    private static bool IsOfTheRequest(int status) => status is < 300 or 400 or 422;

    /// <summary>A web server or proxy refuses what never reached a chat completions API: plain HTTP at an HTTPS port, or a header.</summary>
    private static bool IsOfAWebServer(ReadOnlySpan<byte> body) =>
        ProviderResponse.FirstByte(body) == (byte)'<' || body.IndexOf("HTTP request to an HTTPS server"u8) >= 0;

    private static string Sentence(string said, ProviderError? error, IReadOnlyList<string> secrets, ReadOnlyMemory<byte> request) =>
        ProviderSentence.Of(error?.Message, secrets, request) is not { } message ? $"{said}."
        : message[^1] is '.' or '!' or '?' or '\u2026' ? $"{said}: {message}"
        : $"{said}: {message}.";

    private static string WhatToDo(string cause) => cause switch
    {
        Reasons.KeyRefused => "Check the ModelEndpoint's apiKeySecretRef or headers, and the Secret that they name.",
        Reasons.QuotaExceeded => "Raise the quota or the budget at the provider, or use another key.",
        Reasons.ModelNotFound => "Check the run's spec.model.name and the ModelEndpoint's baseUrl.",
        _ => "Check that the ModelEndpoint's baseUrl is the base of a chat completions API.",
    };
}
