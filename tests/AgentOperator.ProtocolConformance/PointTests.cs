using System.Text.RegularExpressions;

namespace AgentOperator.ProtocolConformance;

/// <summary>The list of points.</summary>
internal sealed partial class PointTests
{
    [Test]
    public void Points_EachIsDecidedByOneTrial() =>
        Assert.That(
            Suite.Trials.SelectMany(trial => trial.Points).Select(point => point.Number), Is.EquivalentTo(Enumerable.Range(1, AllPoints.List.Count)));

    [Test]
    public void Points_NamesAreShortAndDifferent()
    {
        var names = AllPoints.List.Select(point => point.Name).ToList();
        Assert.That(names, Is.Unique);
        Assert.That(names, Has.All.Matches<string>(name => name is not null && ShortName().IsMatch(name)));
    }

    [Test]
    public void Points_TheProtocolHasTheirSections()
    {
        var sections = Repository.Read("docs/protocol.md").Split('\n').Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#', ' '));
        Assert.That(AllPoints.List.Select(point => point.Section).Distinct(), Is.SubsetOf(sections));
    }

    [GeneratedRegex("^[a-z-]{5,24}$")]
    private static partial Regex ShortName();
}
