namespace AgentOperator.Testing;

/// <summary>Reads the tables of a document.</summary>
internal static class MarkdownTable
{
    /// <summary>The cells of the rows of every table with this header, trimmed and without code marks around the whole cell.</summary>
    public static IReadOnlyList<string[]> Rows(string document, string header)
    {
        var lines = document.Split('\n');
        return
        [
            .. lines.Index().Where(line => line.Item == header)
                .SelectMany(line => lines.Skip(line.Index + 2).TakeWhile(row => row.StartsWith('|')))
                .Select(row => row.Trim('|').Split('|').Select(Plain).ToArray()),
        ];
    }

    private static string Plain(string cell) =>
        cell.Trim() is ['`', .. var code, '`'] && !code.Contains('`', StringComparison.Ordinal) ? code : cell.Trim();
}
