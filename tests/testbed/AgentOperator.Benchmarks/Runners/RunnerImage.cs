namespace AgentOperator.Benchmarks.Runners;

/// <summary>What a container of the runner's image starts: the program, compiled ahead of time as it is delivered, and its environment.</summary>
/// <param name="Program">The program's path.</param>
/// <param name="Environment">The image's variables, which lead to its own certificates: this machine's take longer to read.</param>
internal sealed record RunnerImage(string Program, IReadOnlyDictionary<string, string> Environment)
{
    private const string ProgramInImage = "./app/AgentRunner";
    private const string CertificatesInImage = "./etc/ssl/certs/ca-certificates.crt";

    /// <summary>Builds the image as it is delivered, unless it is there, and unpacks what a process on this machine needs of it.</summary>
    /// <param name="folder">Where that is put.</param>
    public static async Task<RunnerImage> BuildAsync(string folder)
    {
        var image = await DeliveredImage.BuildAsync("runner");
        var program = await image.UnpackAsync(image.Layers[^1], ProgramInImage, folder);
        var certificates = await image.UnpackAsync(
            image.Layers[0], CertificatesInImage, Directory.CreateDirectory(Path.Combine(folder, "certificates")).FullName);
        var environment = image.Configuration.GetProperty("Env").EnumerateArray()
            .Select(variable => variable.GetString()!.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable[1]);
        environment["SSL_CERT_FILE"] = certificates;
        environment["SSL_CERT_DIR"] = Path.GetDirectoryName(certificates)!;
        return new RunnerImage(program, environment);
    }
}
