using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>The policy that lets only the operator create pods with its labels.</summary>
public sealed class PodPolicyTests
{
    private const string Kind = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
    private static readonly string Chart = Repository.PathOf("charts/agent-operator");

    [Test]
    public async Task Policy_ServerHasTheKind_ExemptsTheOperatorsAccountOnly()
    {
        var rendered = await RenderAsync("--api-versions", Kind, "--set", "serviceAccount.name=agents-operator");

        Assert.That(rendered, Does.Contain("kind: ValidatingAdmissionPolicy\n").And.Contain("kind: ValidatingAdmissionPolicyBinding\n"));
        Assert.That(rendered, Does.Contain("expression: request.userInfo.username != 'system:serviceaccount:team:agents-operator'\n"));
        Assert.That(rendered, Does.Not.Contain("namespaceSelector"));
    }

    [Test]
    public async Task Policy_OneNamespaceIsWatched_AppliesThereOnly() => Assert.That(
        await RenderAsync("--api-versions", Kind, "--set", "watchNamespace=agents"), Does.Contain("        kubernetes.io/metadata.name: agents\n"));

    [TestCase]
    [TestCase("--api-versions", Kind, "--set", "podPolicy.enabled=false")]
    public async Task Policy_ServerLacksTheKindOrItIsSwitchedOff_IsLeftOut(params string[] arguments) =>
        Assert.That(await RenderAsync(arguments), Does.Not.Contain("ValidatingAdmissionPolicy"));

    [Test]
    public async Task Policy_OnARealServer_RefusesLabelsOfOthersAndNothingElse()
    {
        var kinds = await ControlPlane.KubectlAsync("api-resources", "--api-group", "admissionregistration.k8s.io");
        if (!kinds.Split('\n').Any(line => line.Contains("admissionregistration.k8s.io/v1 ", StringComparison.Ordinal)
            && line.Contains("ValidatingAdmissionPolicyBinding", StringComparison.Ordinal)))
        {
            Assert.Ignore("the server has no ValidatingAdmissionPolicy");
        }

        await using var agents = await ControlPlane.CreateNamespaceAsync();
        var policy = await ControlPlane.HelmAsync(
            "template", "policy", Chart, "--namespace", agents.Name, "--api-versions", Kind, "--set", $"watchNamespace={agents.Name}",
            "--show-only", "templates/podpolicy.yaml");
        await ControlPlane.KubectlWithInputAsync(policy, "apply", "-f", "-");
        try
        {
            await Eventually.TrueAsync(
                "the policy to hold",
                async () => (await CreateAsync(agents, "forged", "{agentoperator.dev/run: run}")).ExitCode != 0,
                TimeSpan.FromSeconds(30));
            var refused = await CreateAsync(agents, "forged", "{agentoperator.dev/attempt: '2'}");
            Assert.That(refused.Text, Does.Contain("are set and changed by the operator only"));
            Assert.That((await CreateAsync(agents, "free", "{team: a}")).ExitCode, Is.Zero);
            Assert.That((await LabelAsync(agents, "team=b")).ExitCode, Is.Zero);
            Assert.That((await LabelAsync(agents, "agentoperator.dev/run=run")).ExitCode, Is.Not.Zero);
        }
        finally
        {
            await ControlPlane.KubectlWithInputAsync(policy, "delete", "--ignore-not-found", "-f", "-");
        }
    }

    private static Task<CommandResult> LabelAsync(TestNamespace agents, string label) =>
        ControlPlane.TryKubectlAsync(null, "label", "pod", "free", label, "--overwrite", "--namespace", agents.Name);

    /// <summary>Creates a pod, which needs no node. One that is to be refused is only tried.</summary>
    private static Task<CommandResult> CreateAsync(TestNamespace agents, string name, string labels) => ControlPlane.TryKubectlAsync(
        $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, namespace: {{agents.Name}}, labels: {{labels}}}
        spec:
          automountServiceAccountToken: false
          containers: [{name: idle, image: "example.com/idle:1"}]
        """,
        name == "forged" ? ["create", "--dry-run=server", "-f", "-"] : ["create", "-f", "-"]);

    private static Task<string> RenderAsync(params string[] arguments) =>
        ControlPlane.HelmAsync(["template", "agent-operator", Chart, "--namespace", "team", .. arguments]);
}
