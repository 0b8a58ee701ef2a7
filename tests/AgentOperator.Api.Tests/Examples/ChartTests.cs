using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentOperator.Api.Tests.Examples;

public sealed class ChartTests
{
    [Test]
    public void Version_IsThatOfTheImages()
    {
        var version = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;
        var chart = Repository.Read("charts/agent-operator/Chart.yaml");

        Assert.Multiple(() =>
        {
            Assert.That(Value(chart, "version"), Is.EqualTo(version));
            Assert.That(Value(chart, "appVersion"), Is.EqualTo(version));
        });
    }

    private static string Value(string yaml, string key) => Regex.Match(yaml, $"^{key}: (.+)$", RegexOptions.Multiline).Groups[1].Value;
}
