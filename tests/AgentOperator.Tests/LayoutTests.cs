using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace AgentOperator.Tests;

/// <summary>
/// Dependencies point one way. Read from the compiled assemblies, so that a fully qualified name or an inferred type counts as much as a
/// <c>using</c>.
/// </summary>
internal sealed class LayoutTests
{
    /// <summary>The parts from the bottom up: each may use those before it and itself.</summary>
    private static readonly string[] Order =
    [
        "AgentOperator.Protocol", "AgentOperator.Api", "AgentOperator.ControlRuntime", "AgentOperator.Journal", "AgentOperator.Telemetry",
        "AgentOperator.Validation", "AgentOperator.Caching", "AgentOperator.Pods", "AgentOperator.Gateway", "AgentOperator.Runs",
        "AgentOperator.Hosting",
    ];

    private static readonly Lazy<Architecture> Loaded = new(() => new ArchLoader().LoadAssemblies(
        typeof(Protocol.JournalRecord).Assembly, typeof(Api.AgentRun).Assembly, typeof(ControlRuntime.ObjectKey).Assembly,
        typeof(Journal.IJournalStore).Assembly, Assembly.Load("AgentOperator")).Build());

    private static IEnumerable<string> Parts => Order;

    [TestCaseSource(nameof(Parts))]
    public void Part_UsesNothingAboveIt(string part)
    {
        var types = Loaded.Value.Types.Where(type => PartOf(type) == part).ToList();
        var above = Order[(Array.IndexOf(Order, part) + 1)..];

        var upwards = types.SelectMany(type => type.Dependencies)
            .Where(dependency => above.Contains(PartOf(dependency.Target)))
            .Select(dependency => $"{dependency.Origin.FullName} uses {dependency.Target.FullName}")
            .Distinct();

        Assert.That(types, Is.Not.Empty, "the part has no types: its name is wrong or it has moved");
        Assert.That(upwards, Is.Empty);
    }

    [Test]
    public void Executable_EveryTypeIsInAPart()
    {
        var homeless = Loaded.Value.Types
            .Where(type => type.FullName.StartsWith("AgentOperator.", StringComparison.Ordinal) && PartOf(type) is null)
            .Select(type => type.FullName);

        Assert.That(homeless, Is.Empty);
    }

    /// <summary>A program has a namespace for each folder; a library has one, so that its users need not know its folders.</summary>
    [TestCase("AgentOperator.Protocol")]
    [TestCase("AgentOperator.Api", "AgentOperator.Api.Schema", "AgentOperator.Api.Validation")]
    [TestCase("AgentOperator.ControlRuntime")]
    [TestCase("AgentOperator.Journal")]
    public void Library_IsOneNamespace(string library, params string[] apart)
    {
        var namespaces = Loaded.Value.Types
            .Where(type => type.Assembly.Name.Split(',')[0] == library && type.FullName.StartsWith("AgentOperator.", StringComparison.Ordinal))
            .Select(type => type.Namespace.FullName)
            .Distinct();

        Assert.That(namespaces, Is.SubsetOf((string[])[library, .. apart]));
    }

    private static string? PartOf(IType type) => Array.Find(
        Order, part => type.Namespace?.FullName is { } space && (space == part || space.StartsWith(part + '.', StringComparison.Ordinal)));
}
