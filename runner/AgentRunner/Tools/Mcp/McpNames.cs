using System.Security.Cryptography;
using System.Text;
using AgentRunner.Conversations;

namespace AgentRunner.Tools.Mcp;

/// <summary>Maps any tool name to one that every model provider accepts.</summary>
internal static class McpNames
{
    private const int HashLength = 8;

    /// <summary><c>server_tool</c> with what is not a letter, a digit, <c>_</c> or <c>-</c> replaced; shortened names and names that
    /// would otherwise fall together end in a hash of the original.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="tool">The tool's name at the server.</param>
    /// <param name="isTaken">Whether another tool has the name already.</param>
    public static string Advertise(string server, string tool, Func<string, bool> isTaken)
    {
        var plain = ToolNames.Replace($"{server}_{tool}");
        if (plain.Length <= ToolNames.MaxLength && !isTaken(plain))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\0{tool}")))[..HashLength];
        return $"{plain[..Math.Min(plain.Length, ToolNames.MaxLength - HashLength - 1)]}_{hash}";
    }
}
