using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace AgentOperator.ModelServer.Scenarios;

/// <summary>Scenarios by model name: uploaded ones first, then the folder's files.</summary>
internal sealed partial class ScenarioStore(string directory)
{
    private readonly ConcurrentDictionary<string, Scenario> _uploaded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Yaml, Scenario Scenario)> _read = new(StringComparer.Ordinal);

    /// <summary>Whether a name may name a scenario. Anything else could leave the folder.</summary>
    public static bool IsValidName(string name) => Name().IsMatch(name);

    /// <summary>Names of all scenarios, sorted.</summary>
    public IReadOnlyList<string> Names()
    {
        var files = Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file))
            : [];
        return [.. files.Concat(_uploaded.Keys).Where(IsValidName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The scenario of a model name; null when there is none.</summary>
    /// <exception cref="ScenarioFormatException">The scenario's file cannot be played.</exception>
    public async Task<Scenario?> FindAsync(string name, CancellationToken ct)
    {
        if (!IsValidName(name))
            return null;
        if (_uploaded.TryGetValue(name, out var scenario))
            return scenario;
        var file = Path.Combine(directory, name + ".yaml");
        if (!File.Exists(file))
            return null;

        // Compared by content: a ConfigMap's files change behind symbolic links, whose times do not tell.
        var yaml = await File.ReadAllTextAsync(file, ct);
        if (_read.TryGetValue(name, out var known) && known.Yaml == yaml)
            return known.Scenario;
        scenario = ScenarioReader.Read(name, yaml);
        _read[name] = (yaml, scenario);
        return scenario;
    }

    /// <summary>Adds or replaces a scenario until the server stops.</summary>
    /// <exception cref="ScenarioFormatException">The name is not valid, or the scenario cannot be played.</exception>
    public void Put(string name, string yaml)
    {
        if (!IsValidName(name))
            throw new ScenarioFormatException(
                "A scenario's name has letters, digits, '.', '_' and '-', at most 100, and starts with a letter or digit.");
        _uploaded[name] = ScenarioReader.Read(name, yaml);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
