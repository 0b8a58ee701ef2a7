using AgentOperator.Api;

namespace AgentOperator.CrdGenerator;

/// <summary>Which files hold the definitions.</summary>
public static class CrdFiles
{
    private static readonly string[] Folders = ["crds", "charts/agent-operator/files/crds"];

    private static readonly Type[] Resources = [typeof(AgentRun), typeof(JournalSegment), typeof(ModelEndpoint)];

    /// <summary>Each file's path from the repository's root, with its text.</summary>
    public static IReadOnlyList<(string Path, string Text)> Create()
    {
        var builder = new CrdBuilder();
        return [.. from type in Resources
                   let crd = builder.Build(type)
                   from folder in Folders
                   select ($"{folder}/{crd.FileName}", crd.Yaml)];
    }

    /// <summary>The files under a repository's root that are missing, differ, or should not be there.</summary>
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
