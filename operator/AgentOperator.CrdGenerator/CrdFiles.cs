using AgentOperator.Api;

namespace AgentOperator.CrdGenerator;

/// <summary>The files that contain the definitions.</summary>
public static class CrdFiles
{
    private static readonly string[] Folders = ["crds", "charts/agent-operator/files/crds"];

    private static readonly Type[] Resources = [typeof(AgentRun), typeof(JournalSegment), typeof(ModelEndpoint)];

    /// <summary>Generates the files: path relative to the repository root, and content.</summary>
    public static IReadOnlyList<(string Path, string Text)> Create()
    {
        var builder = new CrdBuilder();
        return [.. from type in Resources
                   let crd = builder.Build(type)
                   from folder in Folders
                   select ($"{folder}/{crd.FileName}", crd.Yaml)];
    }

    /// <summary>Finds files that are missing, out of date or unexpected.</summary>
    public static IReadOnlyList<string> FindDrift(string root)
    {
        var expected = Create().ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
        var differing = expected.Where(file => !Holds(Path.Combine(root, file.Key), file.Value)).Select(file => file.Key);
        var surplus = from folder in Folders
                      let path = Path.Combine(root, folder)
                      where Directory.Exists(path)
                      from file in Directory.EnumerateFiles(path)
                      let name = $"{folder}/{Path.GetFileName(file)}"
                      where !expected.ContainsKey(name)
                      select name;
        return [.. differing.Concat(surplus).Order(StringComparer.Ordinal)];
    }

    private static bool Holds(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;
}
