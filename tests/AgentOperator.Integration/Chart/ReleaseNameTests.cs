using System.Text.RegularExpressions;
using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.Chart;

/// <summary>A release may be called what Helm allows: its objects have names that Kubernetes allows, and that no other release has.</summary>
public sealed partial class ReleaseNameTests
{
    private const string Characters = "abcxyz0189-.";
    private const string LongNamespace = "a-namespace-that-is-so-long-that-hardly-anything-fits-beside";
    private static readonly string Chart = Repository.PathOf("charts/agent-operator");

    [TestCase("agent-operator", "agent-operator")]
    [TestCase("1a", "r-1a-agent-operator")]
    [TestCase("r.e.l", "r-e-l-agent-operator")]
    [TestCase("0.agent-operator", "r-0-agent-operator")]
    public async Task Name_OfARelease_IsAServicesName(string release, string expected) => Assert.That(
        (await RenderAsync(release, "team")).Single(rendered => rendered.Kind == "Service").Name, Is.EqualTo($"{expected}-gateway"));

    [Test]
    public async Task Names_OfAnyRelease_AreThoseThatKubernetesAllows()
    {
        var random = new Random(20260301);
        for (var tried = 0; tried < 20; tried++)
        {
            var (release, space) = (AnyName(random, 53, Characters), AnyName(random, 63, Characters.TrimEnd('.')));
            var objects = await RenderAsync(release, space);

            Assert.Multiple(() =>
            {
                foreach (var rendered in objects)
                {
                    var pattern = rendered.Kind == "Service" ? ServiceName() : ObjectName();
                    Assert.That(rendered.Name, Does.Match(pattern), $"{rendered.Kind} of release {release}");
                    Assert.That(rendered.Labels.Where(label => !LabelValue().IsMatch(label)), Is.Empty, $"{rendered.Kind} of release {release}");
                }
            });
        }
    }

    [TestCase("blue", "team", "green", "team")]
    [TestCase("blue", "team", "blue", "other")]
    [TestCase("a", $"{LongNamespace}-1", "b", $"{LongNamespace}-1")]
    [TestCase("a", $"{LongNamespace}-1", "a", $"{LongNamespace}-2")]
    public async Task Names_OfTwoReleases_AreDifferent(string release, string space, string otherRelease, string otherSpace)
    {
        var one = await RenderAsync(release, space);
        var other = await RenderAsync(otherRelease, otherSpace);

        Assert.That(one.Select(KeyOf).Intersect(other.Select(KeyOf)), Is.Empty);
        Assert.That($"{space}/{LeaseOf(one)}", Is.Not.EqualTo($"{otherSpace}/{LeaseOf(other)}"));
    }

    private static string KeyOf(RenderedObjects rendered) => $"{rendered.Kind} {rendered.Text("metadata", "namespace")}/{rendered.Name}";

    private static string LeaseOf(IEnumerable<RenderedObjects> objects) =>
        LeaseName().Match(objects.Single(rendered => rendered.Kind == "Deployment").Root.ToString()).Groups[1].Value;

    /// <summary>A name as Helm and namespaces have it: parts of letters, digits and dashes, with dots between them.</summary>
    private static string AnyName(Random random, int longest, string characters)
    {
        while (true)
        {
            var name = new string([.. Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => characters[random.Next(characters.Length)])]);
            if (ObjectName().IsMatch(name))
            {
                return name;
            }
        }
    }

    private static async Task<IReadOnlyList<RenderedObjects>> RenderAsync(string release, string space) => RenderedObjects.Read(
        await ControlPlane.HelmAsync(
            "template", release, Chart, "--namespace", space, "--set", "crds.install=false", "--api-versions",
            "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy"));

    [GeneratedRegex("^(?=.{1,63}$)[a-z]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex ServiceName();

    [GeneratedRegex(@"^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex ObjectName();

    [GeneratedRegex(@"^(?=.{0,63}$)([a-zA-Z0-9]([-a-zA-Z0-9_.]*[a-zA-Z0-9])?)?$")]
    private static partial Regex LabelValue();

    [GeneratedRegex(@"AgentOperator__LeaseName.*?value, ([-a-z0-9]+)")]
    private static partial Regex LeaseName();
}
