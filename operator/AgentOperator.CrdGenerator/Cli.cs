namespace AgentOperator.CrdGenerator;

/// <summary>The command line.</summary>
internal static class Cli
{
    private const string Usage = """
        Usage: AgentOperator.CrdGenerator [--check] [ROOT]

        Writes crds/ and the chart's copy from the C# types.
          ROOT      the repository's root; default: the nearest folder above the current one that holds .git
          --check   write nothing; exit with 1 when a file differs from what would be written
        """;

    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var paths = args.Where(arg => !arg.StartsWith('-')).ToList();
        var options = args.Where(arg => arg.StartsWith('-')).ToList();
        if (options.Contains("--help") || options.Contains("-h"))
        {
            output.WriteLine(Usage);
            return 0;
        }

        if (paths.Count > 1 || options.Any(option => option != "--check"))
        {
            error.WriteLine(Usage);
            return 2;
        }

        var root = paths.Count == 1 ? paths[0] : FindRoot(Environment.CurrentDirectory);
        if (root is null || !Directory.Exists(root))
        {
            error.WriteLine("Repository root not found; pass it as ROOT.");
            return 2;
        }

        return options.Contains("--check") ? Check(root, output, error) : Write(root, output);
    }

    private static int Write(string root, TextWriter output)
    {
        foreach (var (path, text) in CrdFiles.Create())
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            output.WriteLine(path);
        }

        return 0;
    }

    private static int Check(string root, TextWriter output, TextWriter error)
    {
        var drifted = CrdFiles.FindDrift(root);
        foreach (var path in drifted)
        {
            error.WriteLine($"{path} differs from the C# types: run AgentOperator.CrdGenerator and commit its output.");
        }

        if (drifted.Count == 0)
        {
            output.WriteLine("The custom resource definitions match the C# types.");
        }

        return drifted.Count == 0 ? 0 : 1;
    }

    private static string? FindRoot(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            if (Path.Exists(Path.Combine(current.FullName, ".git")))
            {
                return current.FullName;
            }
        }

        return null;
    }
}
