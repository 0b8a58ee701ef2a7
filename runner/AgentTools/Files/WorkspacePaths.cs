namespace AgentTools;

/// <summary>Turns the model's paths into real ones inside the workspace: no <c>..</c> and no symbolic link leads out.</summary>
internal sealed class WorkspacePaths
{
    private const int MaxLinks = 40;

    /// <param name="workspace">The folder; it may itself be reached through links.</param>
    public WorkspacePaths(string workspace)
    {
        Root = Canonical(Path.GetFullPath(workspace));
    }

    /// <summary>The workspace's real path.</summary>
    public string Root { get; }

    /// <summary>The real path, with every link followed; null when it leads out of the workspace. What does not exist yet is allowed.</summary>
    public string? Resolve(string path) => Inside(Canonical(Path.Combine(Root, path)));

    /// <summary>As <see cref="Resolve"/>, but the last part is not followed when it is a link.</summary>
    public string? ResolveParent(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(Root, path)));
        return Path.GetDirectoryName(full) is { } parent && Inside(Canonical(parent)) is { } real
            ? Path.Combine(real, Path.GetFileName(full))
            : null;
    }

    private string? Inside(string real) =>
        real == Root || real.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? real : null;

    private static string Canonical(string path)
    {
        var pending = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = "/";
        var links = 0;
        while (pending.TryPop(out var part))
        {
            if (part == ".")
            {
                continue;
            }

            if (part == "..")
            {
                current = Path.GetDirectoryName(current) ?? "/";
                continue;
            }

            var next = Path.Combine(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException("too many symbolic links");
            }

            current = target.StartsWith('/') ? "/" : current;
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                pending.Push(step);
            }
        }

        return current;
    }
}
