using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;

namespace AgentRunner.Exits;

/// <summary>Writes the termination report where the kubelet reads it.</summary>
internal static class TerminationMessage
{
    /// <summary>Writes the report if the file exists and is writable. Outside a pod it does not exist, which is not an error.</summary>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(string path, RunnerExit exit)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(0);

            // kubectl describe shows it as it is.
            file.Write(new TerminationReport(exit.Reason, PlainText.Of(exit.Message)).ToBytes());
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
