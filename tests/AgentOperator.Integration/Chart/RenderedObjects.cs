using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AgentOperator.Integration.Chart;

/// <summary>A document of YAML, such as an object that helm rendered.</summary>
/// <param name="Root">Its root.</param>
internal sealed record RenderedObjects(YamlMappingNode Root)
{
    public string Kind => Text("kind");

    public string Name => Text("metadata", "name");

    public IEnumerable<string> Labels =>
        Find("metadata", "labels") is YamlMappingNode labels
            ? labels.Children.Values.OfType<YamlScalarNode>().Select(label => label.Value ?? "")
            : [];

    /// <summary>Reads all documents of a text.</summary>
    public static IReadOnlyList<RenderedObjects> Read(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>().Select(root => new RenderedObjects(root))];
    }

    /// <summary>The path of every field, also of those that hold others.</summary>
    public IEnumerable<string[]> Paths() => Fields(Root, []).Select(field => field.Path);

    /// <summary>The paths of the fields that are null.</summary>
    public IEnumerable<string> Nulls() => Fields(Root, [])
        .Where(field => field.Value is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" })
        .Select(field => $"{Kind}: {string.Join('.', field.Path)}");

    /// <summary>The text at a path; empty if there is none.</summary>
    public string Text(params string[] path) => (Find(path) as YamlScalarNode)?.Value ?? "";

    private YamlNode? Find(params string[] path) => path.Aggregate(
        (YamlNode?)Root,
        (node, key) => node is YamlMappingNode fields && fields.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null);

    private static IEnumerable<(string[] Path, YamlNode Value)> Fields(YamlNode node, string[] path) => node switch
    {
        YamlMappingNode fields => fields.Children.SelectMany(field =>
        {
            string[] below = [.. path, ((YamlScalarNode)field.Key).Value!];
            return Fields(field.Value, below).Prepend((below, field.Value));
        }),
        YamlSequenceNode items => items.Children.SelectMany(item => Fields(item, path)),
        _ => [],
    };
}
