namespace AgentOperator.EndToEnd.Users;

/// <summary>Runs with mistakes, as users make them.</summary>
public sealed class MalformedRunsTests : EndToEndTest
{
    private const string Folder = "tests/AgentOperator.Api.Tests/malformed";
    private const string Expectation = "# expect: ";

    [Test]
    public async Task MalformedRuns_EachIsRefusedWithItsField_AndAValidRunBesideThemFinishes()
    {
        var files = Repository.Files(Folder, "*.yaml");
        Assert.That(files, Has.Count.GreaterThanOrEqualTo(15));
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one")).Answer("Done.");
        var valid = await StartAsync(scenario);

        using (Assert.EnterMultipleScope())
        {
            foreach (var file in files)
            {
                var expected = (await File.ReadAllLinesAsync(file))
                    .Single(line => line.StartsWith(Expectation, StringComparison.Ordinal))[Expectation.Length..].Trim();
                Assert.That(await AnswerAsync(file), Does.Contain(expected), $"{Path.GetFileName(file)} names its mistake");
            }
        }

        await valid.SucceededAsync(2);
        Assert.That(await Kubectl.RunAsync(["get", "pods", "--namespace", Namespace, "--output", "name"]), Is.EqualTo($"pod/{valid.PodName(1)}\n"));
    }

    /// <summary>What the user is told: by the server at once, or by the operator in the run's condition.</summary>
    private async Task<string> AnswerAsync(string file)
    {
        var applied = await Kubectl.TryAsync(["apply", "--namespace", Namespace, "-f", file]);
        if (!applied.Succeeded)
        {
            return applied.Error;
        }

        var run = applied.Output.Split(' ')[0];
        return await Eventually.GetAsync(
            $"{Path.GetFileName(file)} to be refused",
            async () => await Kubectl.RunAsync(
                ["get", run, "--namespace", Namespace, "--output", """jsonpath={.status.conditions[?(@.status=="False")].message}"""])
                is { Length: > 0 } message ? message : null,
            Patience);
    }
}
