using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Bodies;

/// <summary>A request's body, and its share of the <see cref="BodyBudget"/> until it is disposed.</summary>
internal sealed class HeldBody(ReadOnlyMemory<byte> bytes, IDisposable? share = null) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The message that the body is.</summary>
    /// <exception cref="JsonException">It is not the message that is expected.</exception>
    /// <exception cref="GatewayException">It is null.</exception>
    public T Parse<T>(JsonTypeInfo<T> type)
        where T : class =>
        // The parser throws on halves of surrogate pairs, which a runner may have taken over from a tool's output.
        JsonSerializer.Deserialize(JsonText.Repair(bytes).Span, type) ?? throw GatewayException.Invalid("the body is null");

    public void Dispose() => share?.Dispose();

    /// <summary>Disposes it when a task that needs it has ended.</summary>
    public void DisposeAfter(Task task) => task.ContinueWith(
        static (_, body) => ((HeldBody)body!).Dispose(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
