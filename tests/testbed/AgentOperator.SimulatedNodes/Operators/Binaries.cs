namespace AgentOperator.SimulatedNodes.Operators;

/// <summary>What was built with the tests.</summary>
internal static class Binaries
{
    /// <summary>A file of a project's output, of the same configuration as this assembly's.</summary>
    /// <exception cref="FileNotFoundException">It was not built.</exception>
    public static string PathOf(string project, string file)
    {
        // …/bin/CONFIGURATION/FRAMEWORK/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Repository.PathOf(Path.Combine(project, "bin", output.Parent!.Name, output.Name, file));
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there; build the solution.", path);
    }
}
