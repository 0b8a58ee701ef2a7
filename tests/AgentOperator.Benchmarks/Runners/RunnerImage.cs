using System.Formats.Tar;
using System.Text.Json;

namespace AgentOperator.Benchmarks.Runners;

/// <summary>What a container of the runner's image starts: the program, compiled ahead of time as it is delivered, and its environment.</summary>
/// <param name="Program">The program's path.</param>
/// <param name="Environment">The image's variables, which lead to its own certificates: this machine's take longer to read.</param>
internal sealed record RunnerImage(string Program, IReadOnlyDictionary<string, string> Environment)
{
    private const string ProgramInImage = "./app/AgentRunner";
    private const string CertificatesInImage = "./etc/ssl/certs/ca-certificates.crt";

    /// <summary>The first build on a machine installs the linker and compiles everything.</summary>
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(20);

    /// <summary>Builds the image as it is delivered, unless it is there, and unpacks what a process on this machine needs of it.</summary>
    /// <param name="folder">Where that is put.</param>
    public static async Task<RunnerImage> BuildAsync(string folder)
    {
        var built = (await CommandRunner.RunAsync(Repository.PathOf("tests/cluster/images"), ["--only", "runner"], BuildDeadline)).OrThrow();
        var archive = built.Output.Trim();
        var manifest = (await ReadJsonAsync(archive, "manifest.json"))[0];
        var configuration = (await ReadJsonAsync(archive, manifest.GetProperty("Config").GetString()!)).GetProperty("config");
        var layers = manifest.GetProperty("Layers").EnumerateArray().Select(layer => layer.GetString()!).ToArray();
        var program = await UnpackAsync(archive, layers[^1], ProgramInImage, folder);
        var certificates = await UnpackAsync(archive, layers[0], CertificatesInImage, Directory.CreateDirectory(Path.Combine(folder, "certificates")).FullName);
        var environment = configuration.GetProperty("Env").EnumerateArray()
            .Select(variable => variable.GetString()!.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable[1]);
        environment["SSL_CERT_FILE"] = certificates;
        environment["SSL_CERT_DIR"] = Path.GetDirectoryName(certificates)!;
        return new RunnerImage(program, environment);
    }

    private static async Task<string> UnpackAsync(string archive, string layer, string name, string folder)
    {
        var path = Path.Combine(folder, Path.GetFileName(name));
        return await ReadAsync(archive, layer, files => ReadAsync(files.DataStream!, name, async file =>
        {
            await file.ExtractToFileAsync(path, overwrite: true);
            return path;
        }));
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
