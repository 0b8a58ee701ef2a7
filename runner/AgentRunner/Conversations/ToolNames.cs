namespace AgentRunner.Conversations;

/// <summary>Names of tools as every model provider takes them: letters, digits, <c>_</c> and <c>-</c>, at most 64.</summary>
internal static class ToolNames
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 64;

    private const string Unnamed = "unnamed";

    /// <summary>The name with what providers refuse replaced by <c>_</c>; it may be too long or empty.</summary>
    public static string Replace(string name) =>
        string.Create(name.Length, name, static (characters, name) =>
        {
            for (var i = 0; i < characters.Length; i++)
            {
                characters[i] = char.IsAsciiLetterOrDigit(name[i]) || name[i] is '_' or '-' ? name[i] : '_';
            }
        });

    /// <summary>The name that goes back to the provider for one that the model called: models make up names that no provider takes.</summary>
    public static string ToSend(string called)
    {
        var name = Replace(called.Length > MaxLength ? called[..MaxLength] : called);
        return name.Length > 0 ? name : Unnamed;
    }
}
