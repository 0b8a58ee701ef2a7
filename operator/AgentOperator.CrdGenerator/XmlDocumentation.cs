using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AgentOperator.CrdGenerator;

/// <summary>Reads the XML summaries of an assembly, which <c>kubectl explain</c> shows as descriptions.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _summaries;

    private XmlDocumentation(Dictionary<string, XElement> summaries) => _summaries = summaries;

    /// <summary>Reads the documentation file next to the assembly.</summary>
    public static XmlDocumentation Of(Assembly assembly)
    {
        var document = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
        return new XmlDocumentation(document.Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!, StringComparer.Ordinal));
    }

    public string Of(Type type) => Text($"T:{type.FullName}");

    public string Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private string Text(string member)
    {
        if (!_summaries.TryGetValue(member, out var summary))
        {
            throw new InvalidOperationException($"{member} has no summary.");
        }

        // References to C# symbols make no sense in kubectl explain.
        if (summary.Descendants().FirstOrDefault(element => element.Name != "c") is { } reference)
        {
            throw new InvalidOperationException($"The summary of {member} contains <{reference.Name}>, which kubectl explain cannot show.");
        }

        return Blanks().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
