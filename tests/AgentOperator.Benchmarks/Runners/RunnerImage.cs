using System.Formats.Tar;
using System.Text.Json;

namespace AgentOperator.Benchmarks.Runners;

/// <summary>What a container of the runner's image starts: the program, compiled ahead of time as it is delivered, and its environment.</summary>
/// <param name="Program">The program's path.</param>
/// <param name="Environment">The image's variables.</param>
internal sealed record RunnerImage(string Program, IReadOnlyDictionary<string, string> Environment)
{
    private const string ProgramInImage = "./app/AgentRunner";

    /// <summary>The first build on a machine installs the linker and compiles everything.</summary>
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(20);

    /// <summary>Builds the image as it is delivered, unless it is there, and unpacks its program.</summary>
    /// <param name="folder">Where the program is put.</param>
    public static async Task<RunnerImage> BuildAsync(string folder)
    {
        var built = (await CommandRunner.RunAsync(Repository.PathOf("tests/cluster/images"), ["--only", "runner"], BuildDeadline)).OrThrow();
        var archive = built.Output.Trim();
        var manifest = (await ReadJsonAsync(archive, "manifest.json"))[0];
        var configuration = (await ReadJsonAsync(archive, manifest.GetProperty("Config").GetString()!)).GetProperty("config");
        var layer = manifest.GetProperty("Layers").EnumerateArray().Last().GetString()!;
        var program = Path.Combine(folder, Path.GetFileName(ProgramInImage));
        await ReadAsync(archive, layer, files => ReadAsync(files.DataStream!, ProgramInImage, async file =>
        {
            await file.ExtractToFileAsync(program, overwrite: true);
            return program;
        }));
        return new RunnerImage(program, configuration.GetProperty("Env").EnumerateArray()
            .Select(variable => variable.GetString()!.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable[1]));
    }

    private static Task<JsonElement> ReadJsonAsync(string archive, string name) =>
        ReadAsync(archive, name, async entry => (await JsonDocument.ParseAsync(entry.DataStream!)).RootElement);

    private static async Task<T> ReadAsync<T>(string archive, string name, Func<TarEntry, Task<T>> read)
    {
        await using var file = File.OpenRead(archive);
        return await ReadAsync(file, name, read);
    }

    private static async Task<T> ReadAsync<T>(Stream archive, string name, Func<TarEntry, Task<T>> read)
    {
        await using var tar = new TarReader(archive, leaveOpen: true);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == name)
            {
                return await read(entry);
            }
        }

        throw new InvalidDataException($"The image has no {name}.");
    }
}
