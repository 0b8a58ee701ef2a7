using k8s.Models;

namespace AgentOperator.EndToEnd.Nodes;

/// <summary>A test whose runs' pods live on guests. Skipped, with the reason, where the machine cannot run any.</summary>
[LocalCluster("kills, freezes and cuts off guest nodes")]
public abstract class GuestTest : EndToEndTest
{
    private protected static GuestNodes Guests => GuestFixture.Guests;

    private protected override IReadOnlyList<string> Components => [GuestNodes.Victim, GuestNodes.Steady];

    [SetUp]
    public void RequireGuests()
    {
        if (GuestFixture.Missing is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    /// <summary>A run's spec for one guest and one way in which its kernel kills for memory.</summary>
    private protected AgentRunSpec SpecOn(string guest, string runtimeClass) => Specs.Of(ScenarioName) with
    {
        Sandbox = new SandboxSpec
        {
            RuntimeClassName = runtimeClass,
            NodeSelector = new Dictionary<string, string> { ["kubernetes.io/hostname"] = guest },
        },
    };

    private protected static GuestAgent AgentOf(V1Pod pod) => new(Guests, pod);

    /// <summary>A line that <c>tests/run</c> repeats at its end: what a test saw on a node with control groups of version 2.</summary>
    private protected static Task TellAsync(string seen) =>
        TestContext.Out.WriteLineAsync($"cgroup v2: {TestContext.CurrentContext.Test.Name}: {seen}");

    /// <summary>How the kubelet says that a pod's agent ended.</summary>
    private protected static string EndOf(V1Pod pod) =>
        pod.Status?.ContainerStatuses?.FirstOrDefault()?.State?.Terminated is { } end
            ? $"reason {end.Reason}, exit code {end.ExitCode}"
            : $"reason {pod.Status?.Reason}";
}
