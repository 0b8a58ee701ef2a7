using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>What the chart lets the operator do, asked of a real API server: all that it needs, and nothing beside.</summary>
public sealed class OperatorRightsTests
{
    private const string Release = "rights";
    private TestNamespace _home = null!;
    private TestNamespace _agents = null!;

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        _home = await ControlPlane.CreateNamespaceAsync();
        _agents = await ControlPlane.CreateNamespaceAsync();
        await ControlPlane.KubectlWithInputAsync(await RenderAsync(), "apply", "--validate=false", "-f", "-");
    }

    [OneTimeTearDown]
    public async Task UninstallAsync()
    {
        await ControlPlane.KubectlWithInputAsync(await RenderAsync(), "delete", "--ignore-not-found", "-f", "-");
        await _home.DisposeAsync();
        await _agents.DisposeAsync();
    }

    [TestCase("get agentruns")]
    [TestCase("list agentruns")]
    [TestCase("watch agentruns")]
    [TestCase("delete agentruns")]
    [TestCase("patch agentruns --subresource=status")]
    [TestCase("list journalsegments")]
    [TestCase("create journalsegments")]
    [TestCase("update journalsegments")]
    [TestCase("watch modelendpoints")]
    [TestCase("patch modelendpoints --subresource=status")]
    [TestCase("create pods")]
    [TestCase("patch pods")]
    [TestCase("delete pods")]
    [TestCase("get secrets")]
    [TestCase("get configmaps")]
    [TestCase("create serviceaccounts")]
    [TestCase("create events")]
    [TestCase("patch events")]
    [TestCase("create tokenreviews.authentication.k8s.io")]
    public async Task WhatTheOperatorDoesForAgents_IsAllowed(string request) => Assert.That(await IsAllowedAsync(request, _agents), Is.True);

    [TestCase("create leases.coordination.k8s.io")]
    [TestCase("get leases.coordination.k8s.io/rights-agent-operator")]
    [TestCase("update leases.coordination.k8s.io/rights-agent-operator")]
    [TestCase("create secrets")]
    [TestCase("list endpointslices.discovery.k8s.io")]
    public async Task WhatTheOperatorDoesAtHome_IsAllowed(string request) => Assert.That(await IsAllowedAsync(request, _home), Is.True);

    [TestCase("create agentruns")]
    [TestCase("update agentruns")]
    [TestCase("patch agentruns")]
    [TestCase("delete journalsegments")]
    [TestCase("create modelendpoints")]
    [TestCase("patch modelendpoints")]
    [TestCase("list secrets")]
    [TestCase("create secrets")]
    [TestCase("list configmaps")]
    [TestCase("get serviceaccounts")]
    [TestCase("create serviceaccounts --subresource=token")]
    [TestCase("create pods --subresource=exec")]
    [TestCase("get leases.coordination.k8s.io")]
    [TestCase("list nodes")]
    [TestCase("list endpointslices.discovery.k8s.io")]
    [TestCase("get endpoints")]
    [TestCase("create clusterroles.rbac.authorization.k8s.io")]
    public async Task WhatTheOperatorNeverDoes_IsForbidden(string request) => Assert.That(await IsAllowedAsync(request, _agents), Is.False);

    [TestCase("get leases.coordination.k8s.io/agent-operator")]
    [TestCase("update leases.coordination.k8s.io/agent-operator")]
    [TestCase("update secrets/agent-operator-gateway-ca")]
    [TestCase("delete secrets/agent-operator-gateway-ca")]
    public async Task WhatBelongsToAnotherReleaseAtHome_IsForbidden(string request) => Assert.That(await IsAllowedAsync(request, _home), Is.False);

    private async Task<bool> IsAllowedAsync(string request, TestNamespace where)
    {
        var answer = await ControlPlane.TryKubectlAsync(
            null,
            [
                "auth",
                "can-i",
                .. request.Split(' '),
                "--namespace",
                where.Name,
                "--as",
                $"system:serviceaccount:{_home.Name}:{Release}-agent-operator",
            ]);
        return answer.Output.Trim() switch
        {
            "yes" => true,
            "no" => false,
            _ => throw new InvalidOperationException($"kubectl auth can-i {request}: {answer.Error}"),
        };
    }

    private Task<string> RenderAsync() => ControlPlane.HelmAsync(
        "template", Release, Repository.PathOf("charts/agent-operator"), "--namespace", _home.Name,
        "--show-only", "templates/serviceaccount.yaml", "--show-only", "templates/rbac.yaml");
}
