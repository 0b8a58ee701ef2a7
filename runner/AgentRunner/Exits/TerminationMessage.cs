using AgentOperator.Protocol;

namespace AgentRunner.Exits;

/// <summary>Writes the runner's last words where the kubelet reads them.</summary>
internal static class TerminationMessage
{
    /// <summary>Writes the report when the file is there and writable; outside a pod it is not, and that is no failure.</summary>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(string path, RunnerExit exit)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(0);
            file.Write(new TerminationReport(exit.Reason, exit.Message).ToBytes());
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
