using YamlDotNet.RepresentationModel;

namespace AgentOperator.Testing.Tests;

internal sealed class FlowControlTests
{
    [TestCase("v1beta1", "assuredConcurrencyShares", false)]
    [TestCase("v1beta2", "assuredConcurrencyShares", false)]
    [TestCase("v1beta3", "nominalConcurrencyShares", true)]
    [TestCase("v1", "nominalConcurrencyShares", true)]
    public void Starvation_OfEachServedVersion_HasThatVersionsFields(string version, string share, bool knowsBorrowing)
    {
        var objects = Read(FlowControl.Starvation(version, "operators"));
        var starved = (YamlMappingNode)objects[0]["spec"]["limited"];

        Assert.That(objects.Select(each => (string?)each["apiVersion"]), Is.All.EqualTo($"flowcontrol.apiserver.k8s.io/{version}"));
        Assert.That(
            objects.Select(each => (string?)each["kind"]),
            Is.EqualTo(new[] { "PriorityLevelConfiguration", "PriorityLevelConfiguration", "FlowSchema" }));
        Assert.That((string?)starved[share], Is.EqualTo("1"));
        Assert.That(starved.Children.ContainsKey("borrowingLimitPercent"), Is.EqualTo(knowsBorrowing), "a level that may borrow is not starved");
        Assert.That(
            (string?)objects[2]["spec"]["rules"][0]["subjects"][0]["serviceAccount"]["namespace"], Is.EqualTo("operators"));
    }

    private static List<YamlNode> Read(string manifest)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(manifest));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }
}
