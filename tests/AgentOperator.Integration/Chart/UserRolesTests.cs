using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>What the chart's user roles let people do, asked of a real API server.</summary>
public sealed class UserRolesTests
{
    private const string Release = "users";
    private TestNamespace _namespace = null!;

    private string Prefix => $"{_namespace.Name}-{Release}-agent-operator";

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        _namespace = await ControlPlane.CreateNamespaceAsync();
        await ControlPlane.KubectlWithInputAsync(await RenderAsync(), "apply", "--validate=false", "-f", "-");
        foreach (var role in (string[])["view", "edit", "endpoint-editor", "journal-reader"])
        {
            await ControlPlane.KubectlAsync(
                "create", "rolebinding", role, "--clusterrole", $"{Prefix}-{role}", "--user", role, "--namespace", _namespace.Name);
        }
    }

    [OneTimeTearDown]
    public async Task UninstallAsync()
    {
        await ControlPlane.KubectlWithInputAsync(await RenderAsync(), "delete", "--ignore-not-found", "-f", "-");
        await _namespace.DisposeAsync();
    }

    [TestCase("view", "get agentruns", true)]
    [TestCase("view", "get modelendpoints", true)]
    [TestCase("view", "create agentruns", false)]
    [TestCase("edit", "create agentruns", true)]
    [TestCase("edit", "create modelendpoints", false)]
    [TestCase("edit", "patch modelendpoints", false)]
    [TestCase("endpoint-editor", "create modelendpoints", true)]
    [TestCase("endpoint-editor", "delete modelendpoints", true)]
    [TestCase("endpoint-editor", "create agentruns", false)]
    [TestCase("endpoint-editor", "get secrets", false)]
    [TestCase("edit", "get journalsegments", false)]
    [TestCase("journal-reader", "get journalsegments", true)]
    public async Task Role_BoundInANamespace_AllowsItsPartOnly(string role, string request, bool isAllowed)
    {
        var answer = await ControlPlane.TryKubectlAsync(
            null, ["auth", "can-i", .. request.Split(' '), "--namespace", _namespace.Name, "--as", role]);

        Assert.That(answer.Output.Trim(), Is.EqualTo(isAllowed ? "yes" : "no"), answer.Error);
    }

    /// <summary>Whoever has the cluster's edit may read Secrets anyway. Journals are nobody's by default.</summary>
    [TestCase("view", "admin, edit, view")]
    [TestCase("edit", "admin, edit")]
    [TestCase("endpoint-editor", "admin, edit")]
    [TestCase("journal-reader", "")]
    public async Task Role_IsPartOfTheClustersRoles(string role, string expected)
    {
        var labels = await ControlPlane.KubectlAsync("get", "clusterrole", $"{Prefix}-{role}", "--output", "jsonpath={.metadata.labels}");

        Assert.That(
            string.Join(", ", ((string[])["admin", "edit", "view"]).Where(
                part => labels.Contains($"\"rbac.authorization.k8s.io/aggregate-to-{part}\":\"true\"", StringComparison.Ordinal))),
            Is.EqualTo(expected));
    }

    private Task<string> RenderAsync() => ControlPlane.HelmAsync(
        "template", Release, Repository.PathOf("charts/agent-operator"), "--namespace", _namespace.Name,
        "--show-only", "templates/user-roles.yaml");
}
