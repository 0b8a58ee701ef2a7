namespace AgentOperator.Testing;

/// <summary>What a command left behind.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Both streams, for messages that may be on either.</summary>
    public string Text => Output + Error;

    /// <summary>The result itself.</summary>
    /// <exception cref="InvalidOperationException">The command failed; the message has what it said.</exception>
    public CommandResult OrThrow() =>
        Succeeded ? this : throw new InvalidOperationException($"'{Command}' ended with exit code {ExitCode}: {Text}");
}
