using System.Globalization;
using AgentOperator.Protocol;

namespace AgentOperator.Api.Validation;

/// <summary>Built-in tools must not name an MCP server; every other tool must, with certificates that can be read.</summary>
internal static class ToolRules
{
    public static IEnumerable<FieldViolation> Check(IReadOnlyList<ToolSpec> tools, bool allowLinkLocal) =>
        tools.SelectMany((tool, index) => Check(tool, string.Create(CultureInfo.InvariantCulture, $"spec.tools[{index}]"), allowLinkLocal));

    private static IEnumerable<FieldViolation> Check(ToolSpec tool, string path, bool allowLinkLocal)
    {
        var isBuiltIn = tool.Name is ToolSpec.Shell or ToolSpec.Files;
        if (isBuiltIn && tool.Mcp is not null)
        {
            yield return new FieldViolation($"{path}.mcp", $"cannot be given for the built-in tool {tool.Name}");
        }
        else if (!isBuiltIn && tool.Mcp is null)
        {
            yield return new FieldViolation($"{path}.mcp", $"is required, because '{tool.Name}' is not a built-in tool (shell, files)");
        }

        if (!allowLinkLocal && HttpUrl.TryParse(tool.Mcp?.Url, out var url, out _) && LinkLocalAddresses.IsHostOf(url))
        {
            yield return new FieldViolation($"{path}.mcp.url", $"{url.IdnHost} {LinkLocalAddresses.Refusal}");
        }

        if (tool.Mcp is { CaBundle: { } bundle } server)
        {
            if (!server.Url.StartsWith("https://", StringComparison.Ordinal))
            {
                yield return new FieldViolation($"{path}.mcp.caBundle", "can only be given with an https URL");
            }

            foreach (var violation in CaBundleRules.Check(bundle, $"{path}.mcp.caBundle"))
            {
                yield return violation;
            }
        }

        if (isBuiltIn && tool.Allow.Count > 0)
        {
            yield return new FieldViolation($"{path}.allow", $"cannot be given for the built-in tool {tool.Name}");
        }
    }
}
