using System.Net;
using System.Text.Json.Nodes;
using AgentOperator.ModelServer.Scenarios;
using AgentOperator.ModelServer.Tests.Support;

namespace AgentOperator.ModelServer.Tests.Scenarios;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ScenarioStoreTests : ModelServerFixture, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override ModelServerOptions Options => new() { ScenariosDirectory = _folder.Path };

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Post_ScenarioFileChanges_PlaysTheNewOne()
    {
        await File.WriteAllTextAsync(_folder.File("mounted.yaml"), "steps: [{text: old}]");
        var before = Choice(await AnswerAsync(Ask("mounted")));
        await File.WriteAllTextAsync(_folder.File("mounted.yaml"), "steps: [{text: new}]");
        var after = Choice(await AnswerAsync(Ask("mounted")));

        Assert.That((string?)before["message"]!["content"], Is.EqualTo("old"));
        Assert.That((string?)after["message"]!["content"], Is.EqualTo("new"));
    }

    [Test]
    public async Task Put_Scenario_WinsOverTheFile()
    {
        await File.WriteAllTextAsync(_folder.File("both.yaml"), "steps: [{text: file}]");
        using var put = await Client.PutAsync("scenarios/both", new StringContent("steps: [{text: upload}]"));

        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((string?)Choice(await AnswerAsync(Ask("both")))["message"]!["content"], Is.EqualTo("upload"));
    }

    [Test]
    public async Task Put_UnplayableScenario_Answers400AndSaysWhy()
    {
        using var put = await Client.PutAsync("scenarios/bad", new StringContent("steps: []"));

        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await put.Content.ReadAsStringAsync(), Does.Contain("has no steps"));
        Assert.That((await ErrorAsync(Ask("bad"))).Code, Is.EqualTo("model_not_found"));
    }

    [Test]
    public async Task Post_UnplayableFile_Answers400AndSaysWhy()
    {
        await File.WriteAllTextAsync(_folder.File("broken.yaml"), "steps: [{txt: a}]");

        var (status, code, message) = await ErrorAsync(Ask("broken"));

        Assert.That((status, code), Is.EqualTo((400, "invalid_scenario")));
        Assert.That(message, Does.Contain("txt"));
    }

    [TestCase("nobody")]
    [TestCase("../outside")]
    [TestCase("/etc/hostname")]
    [TestCase("..")]
    public async Task Post_UnknownModel_Answers404(string model)
    {
        var outside = Path.Combine(Path.GetDirectoryName(_folder.Path)!, "outside.yaml");
        await File.WriteAllTextAsync(outside, "steps: [{text: secret}]");
        try
        {
            var (status, code, _) = await ErrorAsync(Ask(model));

            Assert.That((status, code), Is.EqualTo((404, "model_not_found")));
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Test]
    public async Task GetModels_ListsFilesAndUploads()
    {
        await File.WriteAllTextAsync(_folder.File("b.yaml"), "steps: [{text: b}]");
        await File.WriteAllTextAsync(_folder.File("README.txt"), "no scenario");
        Server.PutScenario("a", "steps: [{text: a}]");

        var list = JsonNode.Parse(await Client.GetStringAsync("v1/models"))!;

        Assert.That(list["data"]!.AsArray().Select(model => (string?)model!["id"]), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void PutScenario_NameThatIsNoFileName_Throws() =>
        Assert.That(() => Server.PutScenario("a/b", "steps: [{text: a}]"), Throws.InstanceOf<ScenarioFormatException>());
}
