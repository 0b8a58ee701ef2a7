using System.Globalization;
using System.Reflection;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace AgentOperator.Tests.Docs;

/// <summary>The pod and the limits in docs/protocol.md are those of the code.</summary>
[TestFixture]
internal sealed class ProtocolPodDocsTests
{
    private static readonly string Text = Repository.Read("docs/protocol.md");

    private static readonly V1Pod Pod = new PodBuilder(
        Options.Create(new PodOptions { RunnerImage = "runner:1", GatewayUrl = "https://gateway:8443" }), new FixedAuthority("PEM"))
        .Build(new AgentRunBuilder().Build(), 1, "512Mi");

    private static V1Container Agent => Pod.Spec.Containers.Single();

    [Test]
    public void Environment_TableHasEveryName()
    {
        var names = typeof(RunnerEnvironment).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(name => name is not (RunnerEnvironment.Prefix or RunnerEnvironment.TokenAudience));

        Assert.That(MarkdownTable.Rows(Text, "| variable | meaning |").Select(row => row[0]), Is.EquivalentTo(names));
        Assert.That(Agent.Env.Select(variable => variable.Name), Is.SubsetOf(names).And.Not.Contains(RunnerEnvironment.IdempotencyKey));
    }

    [Test]
    public void Files_TableHasEveryMountAndTheToken()
    {
        var files = MarkdownTable.Rows(Text, "| path | what it is |").Select(row => row[0]).ToList();
        var token = Agent.Env.Single(variable => variable.Name == RunnerEnvironment.TokenFile).Value;

        Assert.That(files, Does.Contain(token).And.Contain(TerminationReport.Path));
        foreach (var mount in Agent.VolumeMounts)
        {
            var isNamed = files.Any(file => file == mount.MountPath || file.StartsWith(mount.MountPath + "/", StringComparison.Ordinal));
            Assert.That(isNamed, mount.MountPath);
        }
    }

    [Test]
    public void Pod_TableHasItsValues()
    {
        var rows = MarkdownTable.Rows(Text, "| what | value |").ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);
        var writable = Agent.VolumeMounts.Where(mount => mount.ReadOnlyProperty != true).Select(mount => mount.MountPath);

        Assert.That((Agent.Command, Agent.Args, Pod.Spec.RestartPolicy), Is.EqualTo(((IList<string>?)null, (IList<string>?)null, "Never")));
        Assert.That(rows["user and group"], Does.StartWith($"{Pod.Spec.SecurityContext.RunAsUser},"));
        Assert.That(rows["grace period"], Does.StartWith($"{Pod.Spec.TerminationGracePeriodSeconds} seconds"));
        Assert.That(Agent.SecurityContext.ReadOnlyRootFilesystem, Is.True);
        Assert.That(
            rows["writable paths"].Split('`').Where(part => part.StartsWith('/')), Is.EquivalentTo([.. writable, TerminationReport.Path]));
        Assert.That(Pod.Spec.Volumes.Single(volume => volume.Projected is not null).Projected.Sources.Single().ServiceAccountToken.ExpirationSeconds,
            Is.EqualTo(3600), "one hour, of which the kubelet waits 80%");
    }

    [TestCase("a request's body", BodyReader.MaxBytes)]
    [TestCase("a record", JournalRules.MaxRecordBytes)]
    [TestCase("a record, compressed with Brotli", Segment.MaxCompressedRecordBytes)]
    [TestCase("records of one append", JournalRules.MaxBatch)]
    [TestCase("records of one append, compressed", Segment.MaxAppendBytes)]
    [TestCase("the termination report", TerminationReport.MaxBytes)]
    public void Limits_TableHasTheValue(string what, int limit) => Assert.That(LimitOf(what), Is.EqualTo(limit));

    [Test]
    public void Limits_OfBodies_AreTheDefaults()
    {
        Assert.That(LimitOf("bodies of a run's requests that the gateway works on"), Is.EqualTo(new GatewayOptions().MaxRunBodyBytes));
        Assert.That(LimitOf("the time that a body takes to arrive"), Is.EqualTo((int)BodyReader.LongestRead.TotalSeconds));
    }

    private static int LimitOf(string what) => int.Parse(
        MarkdownTable.Rows(Text, "| what | limit | beyond it |").Single(row => row[0] == what)[1].Split(' ')[0],
        NumberStyles.AllowThousands,
        CultureInfo.InvariantCulture);
}
