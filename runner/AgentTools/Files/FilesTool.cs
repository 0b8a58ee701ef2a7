using System.Text.Json;

namespace AgentTools;

/// <summary>Reads, writes, lists and deletes files of the workspace, and none outside it.</summary>
/// <param name="workspace">The folder that paths are relative to.</param>
public sealed class FilesTool(string workspace) : ITool
{
    private const int MaxEntries = 1000;

    private static readonly JsonElement Parameters = JsonElement.Parse(
        """
        {"type":"object","properties":{"operation":{"type":"string","enum":["read","write","list","delete"]},"path":{"type":"string","description":"Relative to the workspace folder; . is the folder itself."},"content":{"type":"string","description":"For write: the file's whole new content."}},"required":["operation","path"],"additionalProperties":false}
        """);

    private readonly WorkspacePaths _paths = new(workspace);

    /// <inheritdoc/>
    public string Name => "files";

    /// <inheritdoc/>
    public string Description =>
        "Reads, writes, lists or deletes files of the workspace folder. write replaces the whole file and makes its folders; "
        + "list shows a folder's entries, folders with a trailing slash; delete removes a file, or a folder with all that is in it.";

    /// <inheritdoc/>
    public JsonElement Schema => Parameters;

    /// <inheritdoc/>
    public async Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (ToolArguments.Text(invocation.Arguments, "operation") is not { } operation
            || ToolArguments.Text(invocation.Arguments, "path") is not { } path)
        {
            return ToolOutcome.Failure("The arguments 'operation' and 'path' must both be texts.");
        }

        try
        {
            // On another thread, with a timeout: opening a named pipe blocks until somebody writes to it.
            return await Task.Run(() => Run(operation, path, invocation), CancellationToken.None)
                .WaitAsync(invocation.Timeout, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            return ToolOutcome.Failure($"The path '{path}' did not answer in time; it may be a pipe or a device.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return ToolOutcome.Failure($"{operation} '{path}' failed: {exception.Message}");
        }
    }

    private ToolOutcome Run(string operation, string path, ToolInvocation invocation)
    {
        if (_paths.Resolve(path) is not { } resolved)
        {
            return ToolOutcome.Failure($"The path '{path}' leads out of the workspace.");
        }

        return operation switch
        {
            "read" => Read(path, resolved, invocation.MaxOutputBytes),
            "write" => Write(path, resolved, invocation.Arguments),
            "list" => List(path, resolved),
            "delete" => Delete(path, resolved),
            _ => ToolOutcome.Failure($"There is no operation '{operation}'. The operations are: read, write, list, delete."),
        };
    }

    private static ToolOutcome Read(string path, string resolved, int maxBytes)
    {
        if (Directory.Exists(resolved))
        {
            return ToolOutcome.Failure($"'{path}' is a folder; list it.");
        }

        if (!File.Exists(resolved))
        {
            return ToolOutcome.Failure($"There is no file '{path}'.");
        }

        var output = new OutputBuffer(maxBytes);
        using var file = File.OpenRead(resolved);
        var chunk = new byte[16 * 1024];
        for (var count = file.Read(chunk); count > 0; count = file.Read(chunk))
        {
            output.Append(chunk.AsSpan(0, count));
        }

        return new ToolOutcome(ToolEnd.Succeeded, output.ToString(), output.TruncatedBytes);
    }

    private static ToolOutcome Write(string path, string resolved, JsonElement arguments)
    {
        if (ToolArguments.Text(arguments, "content") is not { } content)
        {
            return ToolOutcome.Failure("write needs the argument 'content', a text.");
        }

        if (Directory.Exists(resolved))
        {
            return ToolOutcome.Failure($"'{path}' is a folder.");
        }

        var folder = Path.GetDirectoryName(resolved)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(resolved)}.{Guid.NewGuid():N}");
        try
        {
            // Readers, and an attempt after a crash, see the old content or the new, never half of it.
            File.WriteAllText(temporary, content);
            File.Move(temporary, resolved, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return new ToolOutcome(ToolEnd.Succeeded, $"wrote {new FileInfo(resolved).Length} bytes to {path}");
    }

    private static ToolOutcome List(string path, string resolved)
    {
        if (!Directory.Exists(resolved))
        {
            return ToolOutcome.Failure($"There is no folder '{path}'.");
        }

        var entries = new DirectoryInfo(resolved).EnumerateFileSystemInfos().Take(MaxEntries + 1)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        var lines = entries.Take(MaxEntries).Select(entry => entry switch
        {
            { LinkTarget: { } target } => $"{entry.Name} -> {target}",
            FileInfo file => $"{entry.Name} {file.Length}",
            _ => $"{entry.Name}/",
        });
        var rest = entries.Count > MaxEntries ? [$"[more than {MaxEntries} entries: the others are not shown]"] : Array.Empty<string>();
        return new ToolOutcome(ToolEnd.Succeeded, entries.Count == 0 ? "[empty]" : string.Join('\n', lines.Concat(rest)));
    }

    private ToolOutcome Delete(string path, string resolved)
    {
        if (resolved == _paths.Root)
        {
            return ToolOutcome.Failure("The workspace itself cannot be deleted.");
        }

        // Delete a link, not its target.
        var entry = _paths.ResolveParent(path);
        if (entry is null || !Path.Exists(entry) && new FileInfo(entry).LinkTarget is null)
        {
            return ToolOutcome.Failure($"There is nothing at '{path}'.");
        }

        if (Directory.Exists(entry) && new DirectoryInfo(entry).LinkTarget is null)
        {
            Directory.Delete(entry, recursive: true);
        }
        else
        {
            File.Delete(entry);
        }

        return new ToolOutcome(ToolEnd.Succeeded, $"deleted {path}");
    }
}
