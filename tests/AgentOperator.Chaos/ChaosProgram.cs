namespace AgentOperator.Chaos;

/// <summary>The command line.</summary>
internal static class ChaosProgram
{
    public static int Main(string[] arguments) => new CommandLine(Console.Out, Console.Error).Run(arguments);
}
