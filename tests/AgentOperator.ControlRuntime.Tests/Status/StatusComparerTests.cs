using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.ControlRuntime.Tests.Status;

internal sealed class StatusComparerTests
{
    private static readonly JsonSerializerOptions Json = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly StatusComparer<Sample> _comparer = new(
        (JsonTypeInfo<Sample>)Json.GetTypeInfo(typeof(Sample)), status => status with { Step = 0 });

    [TestCase("A", 1, "A", 1, StatusChange.None)]
    [TestCase("A", 1, "A", 2, StatusChange.Progress)]
    [TestCase("A", 1, "B", 1, StatusChange.Transition)]
    [TestCase("A", 1, "B", 2, StatusChange.Transition)]
    public void Compare_TwoStatuses_GreatestDifference(string phase, int step, string nextPhase, int nextStep, StatusChange expected) =>
        Assert.That(
            _comparer.Compare(new Sample { Phase = phase, Step = step }, new Sample { Phase = nextPhase, Step = nextStep }), Is.EqualTo(expected));

    [Test]
    public void Compare_NoStatusYet_IsAnEmptyOne()
    {
        Assert.That(_comparer.Compare(null, new Sample()), Is.EqualTo(StatusChange.None));
        Assert.That(_comparer.Compare(null, new Sample { Phase = "A" }), Is.EqualTo(StatusChange.Transition));
    }

    [Test]
    public void Compare_WhatIsNotWritten_IsNoDifference() =>
        Assert.That(_comparer.Compare(new Sample { Note = "one" }, new Sample { Note = "other" }), Is.EqualTo(StatusChange.None));

    private sealed record Sample
    {
        public string? Phase { get; init; }

        public int Step { get; init; }

        [JsonIgnore]
        public string? Note { get; init; }
    }
}
