namespace AgentOperator.EndToEnd.Users;

/// <summary>The files that the documentation tells users to apply.</summary>
public sealed class ExamplesTests : EndToEndTest
{
    private static IEnumerable<string> Examples => Repository.Files("examples", "*.yaml").Select(file => Path.GetFileName(file));

    [TestCaseSource(nameof(Examples))]
    public async Task Example_Applied_IsAccepted(string example)
    {
        var applied = await Kubectl.RunAsync(["apply", "--namespace", Namespace, "-f", Repository.PathOf($"examples/{example}"), "--output", "name"]);

        foreach (var run in applied.Split('\n').Where(name => name.StartsWith("agentrun.", StringComparison.Ordinal)))
        {
            await Kubectl.RunAsync(
                ["wait", run, "--namespace", Namespace, "--for", "condition=Accepted", "--timeout", "2m"], deadline: TimeSpan.FromMinutes(3));
        }
    }
}
