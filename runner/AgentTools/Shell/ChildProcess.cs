using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AgentTools;

/// <summary>
/// A child in a session of its own, so that it and all that it starts can be killed together, with both outputs in one pipe.
/// <see cref="System.Diagnostics.Process"/> cannot start one.
/// </summary>
internal sealed unsafe class ChildProcess : IDisposable
{
    /// <summary>How often to check whether the child exited while another process keeps the pipe open.</summary>
    private const int TickMilliseconds = 100;

    private const int ChunkBytes = 16 * 1024;

    /// <summary>The capacity of a pipe on Linux.</summary>
    private const int PipeCapacity = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly int _output;
    private bool _reaped;
    private int _status;

    private ChildProcess(int id, int output)
    {
        Id = id;
        _output = output;
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

    /// <summary>Kills the child and what it started, except processes that left its group.</summary>
    public void KillGroup()
    {
        // Ignore errors: the group may already be gone, which is fine.
        _ = LibC.Kill(-Id, LibC.SigKill);
    }

    /// <summary>Kills the group only while the child is not reaped: afterwards its id may belong to another process.</summary>
    public void KillGroupWhileRunning()
    {
        lock (_gate)
        {
            if (!_reaped)
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
                // Another process holds the pipe. Kill it if it is in the group; do not wait for a daemon that left the group.
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
        return (_status & 0x7F) == 0 ? (_status >> 8) & 0xFF : 128 + (_status & 0x7F);
    }

    public void Dispose() => _ = LibC.Close(_output);

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

            // Close what a library opened without close-on-exec, and what this process inherited.
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
        var descriptor = new PollDescriptor { Descriptor = _output, Events = LibC.PollIn };
        return LibC.Poll(&descriptor, 1, milliseconds) > 0;
    }

    private long Read(OutputBuffer buffer)
    {
        var bytes = stackalloc byte[ChunkBytes];
        nint count;
        do
        {
            count = LibC.Read(_output, bytes, ChunkBytes);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
        Check(count < 0 ? Marshal.GetLastPInvokeError() : 0);
        buffer.Append(new ReadOnlySpan<byte>(bytes, (int)count));
        return count;
    }

    private void WaitForExit()
    {
        // Wait without reaping and outside the lock, so that the child can be killed meanwhile.
        var information = stackalloc byte[LibC.OpaqueBytes];
        while (!_reaped && LibC.WaitId(LibC.ById, Id, information, LibC.Exited | LibC.LeaveWaitable) != 0
            && Marshal.GetLastPInvokeError() == LibC.Interrupted)
        {
        }

        _ = TryReap();
    }

    private bool TryReap()
    {
        lock (_gate)
        {
            int value;
            if (!_reaped && LibC.WaitPid(Id, &value, LibC.NoHang) == Id)
            {
                _status = value;
                _reaped = true;
            }

            return _reaped;
        }
    }
}
