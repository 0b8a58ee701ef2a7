namespace AgentOperator.Chaos;

/// <summary>The program.</summary>
internal static class ChaosProgram
{
    public static Task<int> Main(string[] arguments) => new CommandLine(Console.Out, Console.Error).RunAsync(arguments);
}
