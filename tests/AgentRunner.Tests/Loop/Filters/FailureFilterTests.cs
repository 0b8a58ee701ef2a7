using AgentRunner.Loop.Filters;
using AgentRunner.Tests.Fakes;
using AgentTools;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentRunner.Tests.Loop.Filters;

internal sealed class FailureFilterTests
{
    private static readonly FailureFilter Filter = new(NullLogger<FailureFilter>.Instance);

    [Test]
    public async Task Tool_Throws_HasAnUnknownOutcomeThatSaysWhy()
    {
        var outcome = await new FilteredCall().RunAsync(_ => throw new IOException("disk full"), CancellationToken.None, Filter);

        Assert.That((outcome.End, outcome.Content), Is.EqualTo((ToolEnd.Unknown, "The tool broke off: disk full")));
    }

    [Test]
    public async Task Tool_CancelsItself_HasAnUnknownOutcome()
    {
        var outcome = await new FilteredCall().RunAsync(_ => throw new OperationCanceledException("its own timer"), CancellationToken.None, Filter);

        Assert.That(outcome.End, Is.EqualTo(ToolEnd.Unknown));
    }

    [Test]
    public async Task Tool_IsGivenUp_HasNoOutcome()
    {
        using var step = new CancellationTokenSource();

        await Assert.ThrowsAsync<OperationCanceledException>(() => new FilteredCall().RunAsync(
            async token =>
            {
                await step.CancelAsync();
                token.ThrowIfCancellationRequested();
                return ToolOutcome.Failure("not reached");
            },
            step.Token,
            Filter));
    }

    [Test]
    public async Task Heap_IsExhausted_EndsTheAttempt() => await Assert.ThrowsAsync<InsufficientMemoryException>(
        () => new FilteredCall().RunAsync(_ => throw new InsufficientMemoryException(), CancellationToken.None, Filter));
}
