using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AgentTools;

/// <summary>
/// A child in a session of its own, so that it and all that it starts can be killed together, with both outputs in one pipe.
/// <see cref="System.Diagnostics.Process"/> can start none such.
/// </summary>
internal sealed unsafe class ChildProcess : IDisposable
{
    /// <summary>How often a silent child that left the pipe to another process is looked at.</summary>
    private const int TickMilliseconds = 100;

    private const int ChunkBytes = 16 * 1024;

    /// <summary>What a pipe of Linux holds.</summary>
    private const int PipeCapacity = 64 * 1024;

    private readonly Lock gate = new();
    private readonly int output;
    private bool reaped;
    private int status;

    private ChildProcess(int id, int output)
    {
        Id = id;
        this.output = output;
    }

    /// <summary>The process id, which is its group's and its session's too.</summary>
    public int Id { get; }

    /// <summary>Starts a program; its standard input is empty.</summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public static ChildProcess Start(string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var ends = stackalloc int[2];
        Check(LibC.Pipe(ends, LibC.CloseOnExec) == 0 ? 0 : Marshal.GetLastPInvokeError());
        try
        {
            var id = Spawn(path, arguments, environment, folder, ends[1]);
            return new ChildProcess(id, ends[0]);
        }
        catch (Win32Exception)
        {
            _ = LibC.Close(ends[0]);
            throw;
        }
        finally
        {
            _ = LibC.Close(ends[1]);
        }
    }

    /// <summary>Kills the child and what it started, but for what left its group.</summary>
    public void KillGroup()
    {
        // No error is looked at: that the group is gone already is what is wanted.
        _ = LibC.Kill(-Id, LibC.SigKill);
    }

    /// <summary>Kills the group while the child is not reaped, so that its id cannot have become another's.</summary>
    public void KillGroupWhileRunning()
    {
        lock (gate)
        {
            if (!reaped)
            {
                KillGroup();
            }
        }
    }

    /// <summary>Reads the output until the child has ended, then stops what it left in its group. Blocks.</summary>
    /// <returns>The exit code; 128 + the signal's number when one ended it, as a shell says it.</returns>
    public int ReadToEnd(OutputBuffer buffer)
    {
        while (true)
        {
            if (Wait(TickMilliseconds) && Read(buffer) == 0)
            {
                break;
            }

            if (TryReap())
            {
                // Somebody else holds the pipe: what is in the group ends here, and a daemon that left it is not waited for.
                // What the child itself wrote is in the pipe by now, and the pipe holds no more than its capacity.
                KillGroup();
                for (long drained = 0, count = 1; drained < PipeCapacity && count > 0 && Wait(0); drained += count)
                {
                    count = Read(buffer);
                }

                break;
            }
        }

        WaitForExit();
        KillGroup();
        ReapOrphans();
        return (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
    }

    public void Dispose() => _ = LibC.Close(output);

    private static int Spawn(
        string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, int outputEnd)
    {
        var attributes = stackalloc byte[LibC.OpaqueBytes];
        var actions = stackalloc byte[LibC.OpaqueBytes];
        var signals = stackalloc byte[LibC.OpaqueBytes];
        using var texts = new NativeStrings([path, folder, "/dev/null"]);
        using var argv = new NativeStrings(arguments);
        using var envp = new NativeStrings([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        Check(LibC.InitAttributes(attributes));
        Check(LibC.InitFileActions(actions));
        try
        {
            // .NET ignores SIGPIPE and threads may block signals; both would be inherited.
            Check(LibC.SetFlags(attributes, LibC.SetSession | LibC.SetSignalDefault | LibC.SetSignalMask));
            Check(LibC.EmptySignals(signals));
            Check(LibC.SetMask(attributes, signals));
            Check(LibC.AddSignal(signals, LibC.SigPipe));
            Check(LibC.SetDefaultSignals(attributes, signals));
            Check(LibC.ChangeDirectory(actions, texts.Pointer[1]));
            Check(LibC.Open(actions, 0, texts.Pointer[2], LibC.ReadOnly, 0));
            Check(LibC.Duplicate(actions, outputEnd, 1));
            Check(LibC.Duplicate(actions, outputEnd, 2));

            // Whatever a library opened without close-on-exec, or whoever started this process left open.
            Check(LibC.CloseFrom(actions, 3));
            int id;
            Check(LibC.Spawn(&id, texts.Pointer[0], actions, attributes, argv.Pointer, envp.Pointer));
            return id;
        }
        finally
        {
            _ = LibC.DestroyFileActions(actions);
            _ = LibC.DestroyAttributes(attributes);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    private static void ReapOrphans()
    {
        // As process 1 of its container the runner inherits what its children leave behind, and must take it off the process table.
        if (Environment.ProcessId == 1)
        {
            int ignored;
            while (LibC.WaitPid(-1, &ignored, LibC.NoHang) > 0)
            {
            }
        }
    }

    private bool Wait(int milliseconds)
    {
        var descriptor = new PollDescriptor { Descriptor = output, Events = LibC.PollIn };
        return LibC.Poll(&descriptor, 1, milliseconds) > 0;
    }

    private long Read(OutputBuffer buffer)
    {
        var bytes = stackalloc byte[ChunkBytes];
        nint count;
        do
        {
            count = LibC.Read(output, bytes, ChunkBytes);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
        Check(count < 0 ? Marshal.GetLastPInvokeError() : 0);
        buffer.Append(new ReadOnlySpan<byte>(bytes, (int)count));
        return count;
    }

    private void WaitForExit()
    {
        // Waited for without reaping and outside the lock, so that the child can be killed meanwhile.
        var information = stackalloc byte[LibC.OpaqueBytes];
        while (!reaped && LibC.WaitId(LibC.ById, Id, information, LibC.Exited | LibC.LeaveWaitable) != 0
            && Marshal.GetLastPInvokeError() == LibC.Interrupted)
        {
        }

        _ = TryReap();
    }

    private bool TryReap()
    {
        lock (gate)
        {
            int value;
            if (!reaped && LibC.WaitPid(Id, &value, LibC.NoHang) == Id)
            {
                status = value;
                reaped = true;
            }

            return reaped;
        }
    }
}
