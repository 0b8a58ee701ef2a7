using System.Text;

namespace AgentOperator.ProtocolConformance.Runners;

/// <summary>How a runner's process ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="ReportBytes">What it wrote as its termination report.</param>
/// <param name="Output">What it wrote to its standard output and error.</param>
internal sealed record RunnerEnd(int Code, byte[] ReportBytes, string Output)
{
    /// <summary>The report; null when it wrote none.</summary>
    public TerminationReport? Report { get; } = TerminationReport.Read(Encoding.UTF8.GetString(ReportBytes));

    /// <summary>Whether it ended so.</summary>
    public bool Is(int code, params string[] reasons) => Code == code && (reasons.Length == 0 || reasons.Contains(Report?.Reason));

    /// <inheritdoc/>
    public override string ToString() =>
        $"exit {Code}, report {(Report is null ? "missing" : $"{Report.Reason}: {Report.Message}")}"
            + (Code is RunnerExitCodes.Error or RunnerExitCodes.InternalError or > 100 ? $", output: {Tail()}" : "");

    private string Tail() => Output.Length <= 2000 ? Output.Trim() : Output[^2000..].Trim();
}
