using AgentOperator.Protocol;
using AgentRunner.Loop.Filters;
using AgentRunner.Tests.Fakes;
using AgentTools;

namespace AgentRunner.Tests.Loop.Filters;

internal sealed class EffectFilterTests
{
    [TestCase(ToolEffect.Pure, false)]
    [TestCase(ToolEffect.Keyed, true)]
    [TestCase(ToolEffect.Irreversible, false)]
    public async Task Call_OfAnyEffect_HasAKeyWhenTheToolIsKeyed(ToolEffect effect, bool hasKey)
    {
        var call = new FilteredCall(effect);

        await call.RunAsync(new ToolOutcome(ToolEnd.Succeeded, "done"), new EffectFilter());

        Assert.That(call.Given!.IdempotencyKey, Is.EqualTo(hasKey ? call.Action.Call.StepKey : null));
    }

    [TestCase(ToolEffect.Pure, ToolEnd.Failed)]
    [TestCase(ToolEffect.Keyed, ToolEnd.Failed)]
    [TestCase(ToolEffect.Irreversible, ToolEnd.Unknown)]
    public async Task UnknownOutcome_OfAnyEffect_IsAFailureUnlessTheToolIsIrreversible(ToolEffect effect, ToolEnd expected)
    {
        var outcome = await new FilteredCall(effect).RunAsync(ToolOutcome.Unknown("No answer."), new EffectFilter());

        Assert.That(outcome.End, Is.EqualTo(expected));
        Assert.That(outcome.Content, Does.StartWith("No answer."));
        Assert.That(outcome.Content.Contains("was not repeated", StringComparison.Ordinal), Is.EqualTo(effect == ToolEffect.Irreversible));
    }

    [Test]
    public async Task KnownOutcome_OfAnyEffect_IsLeftAlone([Values] ToolEffect effect, [Values(ToolEnd.Succeeded, ToolEnd.Failed)] ToolEnd end)
    {
        var outcome = new ToolOutcome(end, "text", 3);

        Assert.That(await new FilteredCall(effect).RunAsync(outcome, new EffectFilter()), Is.EqualTo(outcome));
    }
}
