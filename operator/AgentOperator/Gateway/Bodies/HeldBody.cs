using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Bodies;

/// <summary>A request's body, and its share of the <see cref="BodyBudget"/> until it is disposed.</summary>
internal sealed class HeldBody(ReadOnlyMemory<byte> bytes, IDisposable? share = null) : IDisposable
{
    /// <summary>
    /// The body, with U+FFFD for what is no Unicode character: JSON parsers throw on halves of surrogate pairs, which a runner may have taken over
    /// from a tool's output.
    /// </summary>
    public ReadOnlyMemory<byte> Bytes { get; } = JsonText.Repair(bytes);

    /// <summary>The message that the body is.</summary>
    /// <param name="type">The message.</param>
    /// <param name="findProblem">What is wrong with the body; one of <see cref="RequestChecks"/>.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="GatewayException">It is not the message that is expected.</exception>
    public T Parse<T>(JsonTypeInfo<T> type, Func<JsonElement, string?> findProblem)
        where T : class
    {
        using var document = JsonDocument.Parse(Bytes);
        return findProblem(document.RootElement) is { } problem ? throw GatewayException.Invalid(problem) : document.RootElement.Deserialize(type)!;
    }

    public void Dispose() => share?.Dispose();

    /// <summary>Disposes it when a task that needs it has ended.</summary>
    public void DisposeAfter(Task task) => task.ContinueWith(
        static (_, body) => ((HeldBody)body!).Dispose(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
