using System.Formats.Tar;
using System.Text.Json;

namespace AgentOperator.Benchmarks.Runners;

/// <summary>An image as it is delivered, in its archive.</summary>
/// <param name="Archive">The archive's path.</param>
/// <param name="Layers">Its layers in the archive, the program's last.</param>
/// <param name="Configuration">What the image says of its containers.</param>
internal sealed record DeliveredImage(string Archive, IReadOnlyList<string> Layers, JsonElement Configuration)
{
    private const string LayersInManifest = "Layers";

    /// <summary>The first build on a machine installs the linker and compiles everything.</summary>
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(20);

    /// <summary>Builds an image, unless it is there.</summary>
    /// <param name="name">operator or runner.</param>
    public static async Task<DeliveredImage> BuildAsync(string name)
    {
        var built = (await CommandRunner.RunAsync(Repository.PathOf("tests/testbed/cluster/images"), ["--only", name], BuildDeadline)).OrThrow();
        var archive = built.Output.Trim();
        var manifest = (await ReadJsonAsync(archive, "manifest.json"))[0];
        var configuration = (await ReadJsonAsync(archive, manifest.GetProperty("Config").GetString()!)).GetProperty("config");
        return new DeliveredImage(
            archive, [.. manifest.GetProperty(LayersInManifest).EnumerateArray().Select(layer => layer.GetString()!)], configuration);
    }

    /// <summary>Unpacks one file of a layer.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> UnpackAsync(string layer, string name, string folder)
    {
        await UnpackAsync(layer, entry => entry == name, folder);
        return Path.Combine(folder, Path.GetFileName(name));
    }

    /// <summary>Unpacks the program's folder.</summary>
    public Task UnpackProgramAsync(string folder) => UnpackAsync(Layers[^1], entry => entry.StartsWith("./app/", StringComparison.Ordinal), folder);

    private async Task UnpackAsync(string layer, Func<string, bool> wanted, string folder)
    {
        await using var archive = File.OpenRead(Archive);
        await using var image = new TarReader(archive);
        var files = await FindAsync(image, layer);
        await using var tar = new TarReader(files.DataStream!);
        var found = false;
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (wanted(entry.Name) && entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                found = true;
                await entry.ExtractToFileAsync(Path.Combine(folder, Path.GetFileName(entry.Name)), overwrite: true);
            }
        }

        if (!found)
        {
            throw new InvalidDataException($"The layer {layer} of {Archive} has not what is wanted of it.");
        }
    }

    private static async Task<JsonElement> ReadJsonAsync(string archive, string name)
    {
        await using var file = File.OpenRead(archive);
        await using var tar = new TarReader(file);
        return (await JsonDocument.ParseAsync((await FindAsync(tar, name)).DataStream!)).RootElement;
    }

    private static async Task<TarEntry> FindAsync(TarReader tar, string name)
    {
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == name)
            {
                return entry;
            }
        }

        throw new InvalidDataException($"The image has no {name}.");
    }
}
