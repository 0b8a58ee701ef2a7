using System.Text.Json.Serialization;

namespace AgentOperator.ModelServer.Calls;

/// <summary>How a model call ended.</summary>
public enum CallOutcome
{
    /// <summary>The scripted answer was handed to the network. A provider would charge for it, whether or not the caller read it.</summary>
    [JsonStringEnumMemberName("answered")]
    Answered,

    /// <summary>A scripted fault was sent: an error status, or a body that is no answer.</summary>
    [JsonStringEnumMemberName("fault")]
    Fault,

    /// <summary>The request was refused: wrong key, unknown model, bad request, unmet expectation, or a step past the end.</summary>
    [JsonStringEnumMemberName("rejected")]
    Rejected,

    /// <summary>The connection was closed before the answer was complete: a scripted drop, or the server stopped.</summary>
    [JsonStringEnumMemberName("dropped")]
    Dropped,

    /// <summary>The caller went away before the answer was sent.</summary>
    [JsonStringEnumMemberName("clientGone")]
    ClientGone,
}
