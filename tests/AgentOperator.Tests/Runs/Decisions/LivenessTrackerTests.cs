using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Recovery;

namespace AgentOperator.Tests.Runs;

[TestFixture]
internal sealed class LivenessTrackerTests
{
    private static readonly ObjectKey Run = new("agents", "report");
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Liveness Alive = new("uid", true, Start, 3);

    private LivenessTracker _signs = null!;

    [SetUp]
    public void SetUp() => _signs = new LivenessTracker();

    [Test]
    public void Look_NothingNew_SilentSinceTheFirstLook()
    {
        Look(0, Alive);

        Assert.That(Look(20, Alive), Is.EqualTo(Start));
        Assert.That(Look(40, Alive), Is.EqualTo(Start));
    }

    [Test]
    public void Look_AnyChange_EndsTheSilence([Values("pod", "running", "heartbeat", "older heartbeat", "commit")] string what)
    {
        Look(0, Alive);
        Look(20, Alive);

        var changed = what switch
        {
            "pod" => Alive with { PodUid = "other" },
            "running" => Alive with { Running = false },
            "heartbeat" => Alive with { Heartbeat = Start.AddSeconds(1) },
            "older heartbeat" => Alive with { Heartbeat = Start.AddMinutes(-10) },
            _ => Alive with { Sequence = 4 },
        };

        Assert.That(Look(40, changed), Is.EqualTo(Start.AddSeconds(40)), "by the looker's clock, whatever the stamp says");
    }

    [TestCase(61, Description = "nobody looked")]
    [TestCase(-600, Description = "the looker's clock was set back")]
    public void Look_AfterAGap_BeginsAnew(int seconds)
    {
        Look(0, Alive);

        Assert.That(Look(seconds, Alive), Is.EqualTo(Start.AddSeconds(seconds)));
    }

    [Test]
    public void Look_Forgotten_BeginsAnew()
    {
        Look(0, Alive);
        _signs.Forget(Run);

        Assert.That(Look(20, Alive), Is.EqualTo(Start.AddSeconds(20)));
    }

    private DateTimeOffset Look(int seconds, Liveness sign) => _signs.Look(Run, sign, Start.AddSeconds(seconds), TimeSpan.FromSeconds(60));
}
