using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs;
using AgentOperator.Runs.Recovery;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>The memory ladder stops at what the namespace allows.</summary>
internal sealed class MemoryRefusalTests
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>The second step of the ladder from the default limit of 512Mi: the request of 64Mi has grown with it to 96Mi.</summary>
    private static readonly V1ResourceRequirements Wanted = PodResources.Of(new ResourcesSpec(), "768Mi");

    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;

    [TestCase("pods \"a\" is forbidden: maximum memory usage per Container is 600Mi, but limit is 768Mi", 600)]
    [TestCase("[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 600Mi, but limit is 768Mi]", 600)]
    [TestCase("maximum memory usage per Pod is 700Mi, but limit is 905969664", 604, Description = "another container asks for 96Mi")]
    [TestCase("maximum memory usage per Container is 700Mi, but limit is 768Mi. maximum memory usage per Pod is 600Mi, but limit is 768Mi.", 600)]
    [TestCase("pods \"a\" is forbidden: exceeded quota: q, requested: limits.memory=768Mi, used: limits.memory=0, limited: limits.memory=640Mi", 640)]
    [TestCase("quota: q, requested: cpu=1,limits.memory=868Mi,pods=1, used: cpu=1,pods=3, limited: cpu=1,limits.memory=640Mi,pods=3", 540)]
    [TestCase("exceeded quota: q, requested: requests.memory=96Mi, used: requests.memory=0, limited: requests.memory=80Mi", 640)]
    [TestCase("exceeded quota: q, requested: memory=96Mi, used: memory=0, limited: memory=72Mi", 576, Description = "its older name")]
    [TestCase("quota: q, requested: cpu=1,requests.memory=128Mi, used: cpu=0,requests.memory=0, limited: cpu=2,requests.memory=112Mi", 640)]
    [TestCase(
        "requested: limits.memory=768Mi,requests.memory=96Mi, used: limits.memory=0,requests.memory=0, limited: limits.memory=700Mi,"
        + "requests.memory=80Mi",
        640)]
    public void CapIn_RefusalThatNamesTheCap_IsTheCapOfTheAgentsContainer(string sentence, int mebibytes) =>
        Assert.That(MemoryRefusal.CapIn(sentence, Wanted), Is.EqualTo(mebibytes * Mebibyte));

    [TestCase("exceeded quota: q, requested: limits.memory=768Mi, used: limits.memory=3Gi, limited: limits.memory=3Gi", Description = "it passes")]
    [TestCase("exceeded quota: q, requested: pods=1, used: pods=10, limited: pods=10")]
    [TestCase("exceeded quota: q, requested: requests.memory=96Mi, used: requests.memory=3Gi, limited: requests.memory=3Gi")]
    [TestCase("maximum memory usage per Container is 100Mi, but limit is 2Gi", Description = "another container is too large")]
    [TestCase("maximum memory usage per Container is 1Pi, but limit is 999999999999999T")]
    [TestCase("violates PodSecurity \"restricted:latest\"")]
    [TestCase("")]
    public void CapIn_RefusalThatNamesNone_IsNull(string sentence) => Assert.That(MemoryRefusal.CapIn(sentence, Wanted), Is.Null);

    [Test]
    public void CapIn_AnyText_IsReadWithoutAnError()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var text = AnyText.Of(seed);

            Assert.That(
                () => MemoryRefusal.CapIn(
                    $"maximum memory usage per {text} is {seed}{text}, but limit is {text} limits.memory={text} requested: memory={seed}{text}",
                    Wanted),
                Throws.Nothing, $"seed {seed}");
        }
    }

    [Test]
    public void Decide_NamespaceAllowsLessThanTheNextStep_NextAttemptGetsTheMostItAllows()
    {
        var plan = Refused(cap: 600).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "600Mi") }));
    }

    [Test]
    public void Decide_NamespaceAllowsNoMoreAndNoProgress_WaitsAndSaysSo()
    {
        var plan = Refused(cap: 512).Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That((plan.Status.Phase, plan.Status.Failures), Is.EqualTo((Phases.Waiting, 0)));
            Assert.That(plan.Status.FindCondition(ConditionTypes.Running)!.Reason, Is.EqualTo(Reasons.MemoryCapReached));
            Assert.That(plan.Status.WaitingFor, Does.Contain("OOM-killed at 512Mi").And.Contain("LimitRange").And.Contain("The cluster's sentence."));
            Assert.That(plan.CheckAt, Is.EqualTo(Now.AddSeconds(15)), "LimitRanges and quotas are not watched");
        });
    }

    [Test]
    public void Decide_NamespaceAllowsNoMoreAndACallIsOpen_AnswersTheCall()
    {
        var call = new OpenCall("call_1", "key", "shell", MayHaveTakenEffect: false);
        var plan = Refused(cap: 512).With(snapshot => snapshot with { OpenCall = call }).Decide();

        Assert.That(plan.Actions.Single(), Is.InstanceOf<RunAction.AnswerCall>());
    }

    [Test]
    public void Decide_NamespaceAllowsNoMoreAfterProgress_TriesAgainWithTheSame()
    {
        var plan = Refused(cap: 512).Head(1, sequence: 20, progress: 20).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }));
    }

    private static SnapshotBuilder Refused(int cap) => new SnapshotBuilder().Head(1).Attempt(1, Outcomes.OutOfMemory)
        .With(snapshot => snapshot with { MemoryRefusal = new MemoryRefusal(cap * Mebibyte, "The cluster's sentence.", Now.AddSeconds(15)) });
}
