using System.Text;

namespace AgentRunner.Exits;

/// <summary>The pod's termination message: what <c>kubectl describe pod</c> shows of the end.</summary>
internal static class TerminationMessage
{
    /// <summary>Where the kubelet reads it, unless the pod says otherwise.</summary>
    public const string DefaultPath = "/dev/termination-log";

    /// <summary>What the kubelet keeps.</summary>
    private const int MaxBytes = 4096;

    /// <summary>Writes the message when the file is there and writable; outside a pod it is not, and that is no failure.</summary>
    /// <returns>Whether it was written.</returns>
    public static bool TryWrite(string path, RunnerExit exit)
    {
        var bytes = Encoding.UTF8.GetBytes($"{exit.Reason}: {exit.Message}");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.SetLength(0);
            file.Write(bytes.AsSpan(0, WholeCharacters(bytes)));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>How many bytes fit without a part of a character at the end.</summary>
    private static int WholeCharacters(byte[] bytes)
    {
        var length = Math.Min(bytes.Length, MaxBytes);
        while (length < bytes.Length && (bytes[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return length;
    }
}
