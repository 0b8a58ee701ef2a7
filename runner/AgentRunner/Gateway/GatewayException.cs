using AgentOperator.Protocol;

namespace AgentRunner.Gateway;

/// <summary>The gateway refused a request, or did not answer it.</summary>
internal sealed class GatewayException : Exception
{
    /// <summary>It answered with an error.</summary>
    public GatewayException(ProtocolError error, Exception? inner = null)
        : base(error.Detail, inner)
    {
        Status = error.Status;
        Code = error.Code;
        RejectedTools = error.RejectedTools ?? [];
        RequestSize = error.RequestSize;
        MaxRequestSize = error.MaxRequestSize;
        RetryAfter = error.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>It did not answer.</summary>
    public GatewayException(string message, Exception? inner = null)
        : base(message, inner)
    {
        Code = "";
    }

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status { get; }

    /// <summary>One of <see cref="ErrorCodes"/>; empty when there was no answer or not the gateway's own.</summary>
    public string Code { get; }

    /// <summary>The tools of a model call that the provider refuses.</summary>
    public IReadOnlyList<string> RejectedTools { get; } = [];

    /// <summary>The size of a model call that is too long, as the provider counts; null if it is not known.</summary>
    public long? RequestSize { get; }

    /// <summary>The largest size that the provider takes; null if it is not known.</summary>
    public long? MaxRequestSize { get; }

    /// <summary>When to try again, if it says so.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same request may succeed a little later. For a code that this version does not know, the status decides.</summary>
    public bool IsTransient => Code switch
    {
        ErrorCodes.JournalBroken => false,
        ErrorCodes.CallInProgress => true,
        _ => Status is 0 or 401 or 408 or 425 or 429 or >= 500,
    };
}
