using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>The policies for what is the operator's: its labels of pods, the account of its agents, and that account's tokens.</summary>
public sealed class PodPolicyTests
{
    private const string Kind = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
    private const string Account = "agent-operator-agent";
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
    public async Task Policy_OneNamespaceIsWatched_AppliesThereOnly()
    {
        var rendered = await RenderAsync("--api-versions", Kind, "--set", "watchNamespace=agents");

        Assert.That(rendered.Split("        kubernetes.io/metadata.name: agents\n"), Has.Length.EqualTo(3), "both bindings");
    }

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

            await ControlPlane.KubectlAsync("create", "serviceaccount", Account, "--namespace", agents.Name);
            await ControlPlane.KubectlAsync("create", "serviceaccount", "builder", "--namespace", agents.Name);
            var impostor = await CreateAsync(agents, "forged", "{team: a}", Account);
            Assert.That(impostor.Text, Does.Contain("for the operator's pods only"));
            Assert.That((await CreateAsync(agents, "built", "{team: a}", "builder")).ExitCode, Is.Zero);
            Assert.That((await TokenAsync(agents, Account)).Text, Does.Contain("Only kubelets get tokens of the service account"));
            Assert.That((await TokenAsync(agents, "builder")).ExitCode, Is.Zero);
            var kubelets = await TokenAsync(agents, Account, "--as=system:node:one", "--as-group=system:nodes", "--as-group=system:masters");
            Assert.That(kubelets.Text, Does.Not.Contain("Only kubelets"), "the server's own rules ask for a pod on the node");
        }
        finally
        {
            await ControlPlane.KubectlWithInputAsync(policy, "delete", "--ignore-not-found", "-f", "-");
        }
    }

    private static Task<CommandResult> LabelAsync(TestNamespace agents, string label) =>
        ControlPlane.TryKubectlAsync(null, "label", "pod", "free", label, "--overwrite", "--namespace", agents.Name);

    private static Task<CommandResult> TokenAsync(TestNamespace agents, string account, params string[] arguments) =>
        ControlPlane.TryKubectlAsync(null, ["create", "token", account, "--namespace", agents.Name, .. arguments]);

    /// <summary>Creates a pod, which needs no node. One that is to be refused is only tried.</summary>
    private static Task<CommandResult> CreateAsync(
        TestNamespace agents, string name, string labels, string account = "default") => ControlPlane.TryKubectlAsync(
        $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, namespace: {{agents.Name}}, labels: {{labels}}}
        spec:
          serviceAccountName: {{account}}
          automountServiceAccountToken: false
          containers: [{name: idle, image: "example.com/idle:1"}]
        """,
        name == "forged" ? ["create", "--dry-run=server", "-f", "-"] : ["create", "-f", "-"]);

    private static Task<string> RenderAsync(params string[] arguments) =>
        ControlPlane.HelmAsync(["template", "agent-operator", Chart, "--namespace", "team", .. arguments]);
}
