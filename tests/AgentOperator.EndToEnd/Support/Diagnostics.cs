namespace AgentOperator.EndToEnd.Support;

/// <summary>Writes down what tells why a test failed, before its namespace goes.</summary>
internal static class Diagnostics
{
    /// <param name="cluster">The cluster.</param>
    /// <param name="ns">The test's namespace.</param>
    /// <param name="components">The local cluster's components whose logs are printed.</param>
    public static async Task WriteAsync(TestCluster cluster, string ns, IReadOnlyList<string> components)
    {
        string[][] questions =
        [
            ["get", "agentruns", "--namespace", ns, "--output", "yaml"],
            ["get", "events", "--namespace", ns, "--sort-by", ".lastTimestamp"],
            ["describe", "pods", "--namespace", ns],
            ["logs", "--namespace", ns, "--selector", Labels.Run, "--prefix", "--tail", "60"],
            [
                "logs",
                "--namespace",
                TestCluster.OperatorNamespace,
                "--selector",
                "app.kubernetes.io/name=agent-operator",
                "--prefix",
                "--tail",
                "150",
            ],
        ];
        foreach (var question in questions)
        {
            var answer = await cluster.Kubectl.TryAsync(question);
            await TestContext.Out.WriteLineAsync($"--- kubectl {string.Join(' ', question)}\n{answer.Text}");
        }

        foreach (var component in TestCluster.IsLocal ? components : [])
        {
            var log = await ClusterScript.TryAsync(TimeSpan.FromSeconds(10), "logs", component, "--name", cluster.Name);
            await TestContext.Out.WriteLineAsync($"--- {component}\n{log.Text}");
        }
    }
}
