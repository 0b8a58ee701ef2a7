namespace AgentOperator.Testing.Tests;

internal sealed class ApiVersionsTests
{
    // What "kubectl api-versions" printed of the group on servers of these versions; the rest is shortened.
    [TestCase("1.20", "flowcontrol.apiserver.k8s.io/v1beta1\npolicy/v1beta1\nv1\n", "v1beta1")]
    [TestCase("1.23", "flowcontrol.apiserver.k8s.io/v1beta1\nflowcontrol.apiserver.k8s.io/v1beta2\npolicy/v1\npolicy/v1beta1\nv1\n", "v1beta2")]
    [TestCase("1.28", "flowcontrol.apiserver.k8s.io/v1beta2\nflowcontrol.apiserver.k8s.io/v1beta3\npolicy/v1\nv1\n", "v1beta3")]
    [TestCase("1.30", "flowcontrol.apiserver.k8s.io/v1\nflowcontrol.apiserver.k8s.io/v1beta3\npolicy/v1\nv1\n", "v1")]
    [TestCase("1.36", "flowcontrol.apiserver.k8s.io/v1\npolicy/v1\nv1\n", "v1")]
    public void Newest_OfAServersVersions_IsTheMostStable(string server, string printed, string expected) =>
        Assert.That(ApiVersions.Parse(printed).Newest(FlowControl.Group), Is.EqualTo(expected), $"Kubernetes {server}");

    [TestCase("v1alpha1 v1beta1", "v1beta1")]
    [TestCase("v2alpha3 v1", "v1")]
    [TestCase("v1beta2 v1beta10 v1beta1", "v1beta10")]
    [TestCase("v1 v2 v10", "v10")]
    [TestCase("v2beta1 v1beta3", "v2beta1")]
    [TestCase("latest v1alpha1", "v1alpha1")]
    public void Newest_OfAnyOrder_IsTheMostStableThenTheHighest(string versions, string expected)
    {
        var lines = versions.Split(' ').Select(version => $"example.dev/{version}").ToArray();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ApiVersions.Parse(string.Join('\n', lines)).Newest("example.dev"), Is.EqualTo(expected));
            Assert.That(ApiVersions.Parse(string.Join('\n', lines.Reverse())).Newest("example.dev"), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Newest_OfTheCoreGroup_HasNoGroupName() => Assert.That(ApiVersions.Parse("apps/v1\nv1\n").Newest(""), Is.EqualTo("v1"));

    [Test]
    public void Newest_OfAGroupThatIsNotServed_SaysSo() => Assert.That(
        () => ApiVersions.Parse("apps/v1\nv1\n").Newest("example.dev"),
        Throws.InvalidOperationException.With.Message.EqualTo("The server does not serve the API group 'example.dev'."));
}
