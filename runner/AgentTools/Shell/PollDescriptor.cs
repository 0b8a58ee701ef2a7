using System.Runtime.InteropServices;

namespace AgentTools;

/// <summary>The C library's <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public int Descriptor;
    public short Events;
    public short Returned;
}
