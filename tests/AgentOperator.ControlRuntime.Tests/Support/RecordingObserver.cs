using System.Collections.Concurrent;

namespace AgentOperator.ControlRuntime.Tests.Support;

/// <summary>Writes down what an informer tells, as <c>added name size</c>.</summary>
internal sealed class RecordingObserver : IInformerObserver<Widget>
{
    private readonly ConcurrentQueue<string> _told = new();

    public IReadOnlyList<string> Told => [.. _told];

    public void OnAdded(Widget added, bool isInInitialList) => Write(isInInitialList ? "listed" : "added", added);

    public void OnUpdated(Widget previous, Widget current) => Write("updated", current);

    public void OnDeleted(Widget deleted) => Write("deleted", deleted);

    private void Write(string what, Widget widget) => _told.Enqueue($"{what} {widget.Metadata.Name} {widget.Spec.Size}");
}
