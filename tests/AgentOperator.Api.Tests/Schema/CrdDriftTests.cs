using AgentOperator.CrdGenerator;

namespace AgentOperator.Api.Tests.Schema;

public sealed class CrdDriftTests
{
    [Test]
    public void CommittedDefinitions_MatchTheTypes() =>
        Assert.That(CrdFiles.FindDrift(Repository.Root), Is.Empty, "run operator/AgentOperator.CrdGenerator and commit what it writes");

    [Test]
    public void FindDrift_FileIsEdited_NamesIt()
    {
        using var copy = new TemporaryFolder();
        Write(copy.Path);
        File.AppendAllText(Path.Combine(copy.Path, "crds/agentoperator.dev_agentruns.yaml"), "# by hand\n");

        Assert.That(CrdFiles.FindDrift(copy.Path), Is.EqualTo(new[] { "crds/agentoperator.dev_agentruns.yaml" }));
    }

    [Test]
    public void FindDrift_FileIsMissing_NamesIt()
    {
        using var copy = new TemporaryFolder();
        Write(copy.Path);
        File.Delete(Path.Combine(copy.Path, "charts/agent-operator/files/crds/agentoperator.dev_modelendpoints.yaml"));

        Assert.That(CrdFiles.FindDrift(copy.Path), Is.EqualTo(new[] { "charts/agent-operator/files/crds/agentoperator.dev_modelendpoints.yaml" }));
    }

    [Test]
    public void FindDrift_FileOfNoType_NamesIt()
    {
        using var copy = new TemporaryFolder();
        Write(copy.Path);
        File.WriteAllText(Path.Combine(copy.Path, "crds/agentoperator.dev_others.yaml"), "");

        Assert.That(CrdFiles.FindDrift(copy.Path), Is.EqualTo(new[] { "crds/agentoperator.dev_others.yaml" }));
    }

    private static void Write(string root)
    {
        foreach (var (path, text) in CrdFiles.Create())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            File.WriteAllText(Path.Combine(root, path), text);
        }
    }
}
