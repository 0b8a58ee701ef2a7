using System.Reflection;

namespace AgentRunner;

/// <summary>This build's version.</summary>
internal static class RunnerVersion
{
    /// <summary>As the build set it, without the source revision.</summary>
    public static string Text { get; } =
        typeof(RunnerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
