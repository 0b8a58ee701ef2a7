using System.Runtime.InteropServices;

namespace AgentRunner.Tools.Mcp;

/// <summary>The environment variables that native libraries see. .NET keeps a copy of its own, which they do not read.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable.</summary>
    /// <returns>0 on success.</returns>
    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetVariable(string name, string value, int overwrite);
}
