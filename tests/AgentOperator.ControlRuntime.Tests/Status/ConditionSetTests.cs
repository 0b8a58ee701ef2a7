using k8s.Models;

namespace AgentOperator.ControlRuntime.Tests.Status;

internal sealed class ConditionSetTests
{
    private static readonly DateTimeOffset Before = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Before.AddMinutes(1).AddMilliseconds(345);

    [Test]
    public void Set_StatusChanges_TransitionTimeIsNowInWholeSeconds()
    {
        var set = new ConditionSet([Ready("False")], 2, Now).Set("Ready", true, "Up", "It is up.");

        var ready = set.Conditions.Single();
        Assert.Multiple(() =>
        {
            Assert.That(ready.LastTransitionTime, Is.EqualTo(Before.AddMinutes(1).UtcDateTime));
            Assert.That((ready.Type, ready.Status, ready.Reason, ready.Message), Is.EqualTo(("Ready", "True", "Up", "It is up.")));
            Assert.That(ready.ObservedGeneration, Is.EqualTo(2));
        });
    }

    [Test]
    public void Set_StatusStays_KeepsItsTransitionTimeAndSaysWhatIsNew()
    {
        var set = new ConditionSet([Ready("False")], 2, Now).Set("Ready", false, "Waiting", "It waits.");

        var ready = set.Conditions.Single();
        Assert.That(ready.LastTransitionTime, Is.EqualTo(Before.UtcDateTime));
        Assert.That((ready.Reason, ready.ObservedGeneration), Is.EqualTo(("Waiting", 2L)));
    }

    [Test]
    public void Keep_NotObservedThisTime_IsAsItWas()
    {
        var known = Ready("False");

        Assert.That(new ConditionSet([known], 2, Now).Keep("Ready").Keep("Unheard").Conditions, Is.EqualTo(new[] { known }));
    }

    [Test]
    public void Set_NeitherSetNorKept_IsGone() =>
        Assert.That(
            new ConditionSet([Ready("True")], 2, Now).Set("Other", true, "R", "m").Conditions.Select(condition => condition.Type),
            Is.EqualTo(new[] { "Other" }));

    [Test]
    public void Set_Twice_LastWins() =>
        Assert.That(
            new ConditionSet(null, 1, Now).Set("Ready", true, "A", "a").Set("Ready", false, "B", "b").Conditions.Single().Reason, Is.EqualTo("B"));

    [Test]
    public void Set_LongText_IsCut()
    {
        var condition = new ConditionSet(null, 1, Now).Set("Ready", true, new string('r', 500), new string('m', 5000)).Conditions.Single();

        Assert.That((condition.Reason.EndsWith('…'), condition.Message.EndsWith('…'), condition.Message.Length), Is.EqualTo((true, true, 1022)));
    }

    private static V1Condition Ready(string status) => new()
    {
        Type = "Ready", Status = status, LastTransitionTime = Before.UtcDateTime, ObservedGeneration = 1, Reason = "Before", Message = "Before.",
    };
}
