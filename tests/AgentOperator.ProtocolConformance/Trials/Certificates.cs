namespace AgentOperator.ProtocolConformance.Trials;

/// <summary>Somebody else answers at the gateway's address.</summary>
internal sealed class Certificates : Trial
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public override IReadOnlyList<Point> Points => [AllPoints.AuthorityVerified, AllPoints.HostNameVerified];

    protected override async Task RunAsync(RunnerUnderTest runner, Verdict verdict)
    {
        var options = new StageOptions(Script.Of(Script.Say("done")));
        await using var gateway = await Stage.StartAsync(options);
        await using var other = await Stage.StartAsync(options with { CertificateHost = "gateway.example" });
        await Task.WhenAll(
            CheckAsync(AllPoints.AuthorityVerified, runner, gateway, other.AuthorityPem, "the server's certificate is of another CA", verdict),
            CheckAsync(AllPoints.HostNameVerified, runner, other, other.AuthorityPem, "the server's certificate is for gateway.example", verdict));
    }

    private static async Task CheckAsync(Point point, RunnerUnderTest runner, Stage stage, string authority, string situation, Verdict verdict)
    {
        using var process = await stage.StartAsync(runner, authority);

        // A runner that verifies tries again; one that does not sends its token over the first connection.
        await Eventually.TrueAsync(
            "the runner connects twice",
            () => Task.FromResult(stage.Connections > 1 || process.HasEnded || stage.Wire.Exchanges.Count > 0), Patience);
        verdict.Check(
            point, stage.Connections > 0 && stage.Wire.Exchanges.Count == 0, $"no request: {situation}",
            $"{stage.Connections} connections; requests: {stage.Wire.Story}");
        if (!process.HasEnded)
        {
            await process.KillAsync();
        }
    }
}
