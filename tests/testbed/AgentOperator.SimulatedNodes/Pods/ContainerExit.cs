namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>How a container ended, as the kubelet tells it.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Reason">The kubelet's word.</param>
/// <param name="Message">What is in the termination log; null for nothing.</param>
internal sealed record ContainerExit(int Code, string Reason, string? Message = null)
{
    /// <summary>Exit 0.</summary>
    public static ContainerExit Completed { get; } = new(0, "Completed");

    /// <summary>Killed by the kernel for its memory.</summary>
    public static ContainerExit OutOfMemory { get; } = new(137, "OOMKilled");

    /// <summary>Exit with a code that is not 0.</summary>
    public static ContainerExit Error(int code, string? message = null) => new(code, "Error", message);
}
