using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Which tools of a request a provider refused, by its error. Providers name a tool by its place in the request or by its name, each in
/// its own way; an error that names none is an error of the request as a whole.
/// </summary>
internal static partial class RefusedTools
{
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>The names of the tools, in the order of the request; empty when the error names none.</summary>
    /// <param name="request">The request that was refused.</param>
    /// <param name="error">The body of the provider's answer.</param>
    public static IReadOnlyList<string> Find(ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> error)
    {
        var text = Encoding.UTF8.GetString(error.Span[..Math.Min(error.Length, MaxErrorBytes)]);
        if (OfTheMessages().IsMatch(text))
        {
            return [];
        }

        var places = PlaceInDeclarations().Matches(text) is { Count: > 0 } declarations ? declarations : PlaceInTools().Matches(text);
        var names = ToolName().Matches(text);
        if (places.Count + names.Count == 0)
        {
            return [];
        }

        var refusedPlaces = places.Select(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)).ToHashSet();
        var refusedNames = names.Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        return [.. RequestedTools.NamesOf(request).Where((name, place) => refusedPlaces.Contains(place) || refusedNames.Contains(name))];
    }

    /// <summary>The conversation is at fault, whatever tools it speaks of.</summary>
    [GeneratedRegex("""context_length_exceeded|"param"\s*:\s*"messages""", RegexOptions.CultureInvariant)]
    private static partial Regex OfTheMessages();

    /// <summary>
    /// <c>tools[3].function.parameters</c>, <c>tools.3.custom</c>, <c>('body', 'tools', 3, 'function')</c>, <c>["body","tools",3]</c>.
    /// </summary>
    [GeneratedRegex("""\btools(?:\[|\.|/|\\?["'],\s*)(\d{1,4})\b""", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceInTools();

    /// <summary><c>tools[0].function_declarations[3].parameters</c>: all tools in one.</summary>
    [GeneratedRegex("""function_?declarations\[(\d{1,4})\]""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PlaceInDeclarations();

    /// <summary><c>Invalid schema for function 'search'</c>.</summary>
    [GeneratedRegex(
        """\b(?:function|tool)s?\b[^"'`\\]{0,20}\\?["'`]([A-Za-z0-9_-]{1,64})\\?["'`]""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ToolName();
}
