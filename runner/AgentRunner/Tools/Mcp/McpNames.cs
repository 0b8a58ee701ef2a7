using System.Security.Cryptography;
using System.Text;

namespace AgentRunner.Tools.Mcp;

/// <summary>Names that every model provider takes for tools that may be named anything.</summary>
internal static class McpNames
{
    /// <summary>What providers allow.</summary>
    public const int MaxLength = 64;

    private const int HashLength = 8;

    /// <summary><c>server_tool</c> with what is not a letter, a digit, <c>_</c> or <c>-</c> replaced; shortened names and names that
    /// would otherwise fall together end in a hash of the original.</summary>
    /// <param name="server">The server's name.</param>
    /// <param name="tool">The tool's name at the server.</param>
    /// <param name="isTaken">Whether another tool has the name already.</param>
    public static string Advertise(string server, string tool, Func<string, bool> isTaken)
    {
        var name = new StringBuilder();
        foreach (var character in $"{server}_{tool}")
        {
            name.Append(char.IsAsciiLetterOrDigit(character) || character is '_' or '-' ? character : '_');
        }

        var plain = name.ToString();
        if (plain.Length <= MaxLength && !isTaken(plain))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\0{tool}")))[..HashLength];
        return $"{plain[..Math.Min(plain.Length, MaxLength - HashLength - 1)]}_{hash}";
    }
}
