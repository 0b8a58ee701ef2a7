using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>What a pod may use, and what is set aside for it.</summary>
internal static class PodResources
{
    private const string Cpu = "cpu";
    private const string Memory = "memory";
    private const string EphemeralStorage = "ephemeral-storage";

    public static V1ResourceRequirements Of(ResourcesSpec spec, string memoryLimit)
    {
        var limits = new Dictionary<string, ResourceQuantity>
        {
            [Memory] = new(memoryLimit),
            [EphemeralStorage] = new(spec.Limits.EphemeralStorage),
        };
        if (spec.Limits.Cpu is { } cpu)
        {
            limits[Cpu] = new ResourceQuantity(cpu);
        }

        return new V1ResourceRequirements
        {
            Limits = limits,
            Requests = new Dictionary<string, ResourceQuantity>
            {
                [Cpu] = Request(spec.Requests.Cpu, "100m", spec.Limits.Cpu),
                [Memory] = new(MemoryRequest(spec, memoryLimit)),
                [EphemeralStorage] = Request(spec.Requests.EphemeralStorage, "64Mi", spec.Limits.EphemeralStorage),
            },
        };
    }

    /// <summary>An attempt that gets more memory than the first one has as much more of it set aside: it is known to need it.</summary>
    private static string MemoryRequest(ResourcesSpec spec, string memoryLimit)
    {
        var first = MemoryQuantity.Bytes(spec.Limits.Memory);
        var request = MemoryQuantity.Bytes(Request(spec.Requests.Memory, "64Mi", spec.Limits.Memory).ToString());
        var limit = MemoryQuantity.Bytes(memoryLimit);
        return MemoryQuantity.Format(limit <= first ? Math.Min(request, limit) : (long)Math.Min(limit, (decimal)request * limit / first));
    }

    private static ResourceQuantity Request(string? given, string usual, string? limit)
    {
        var request = new ResourceQuantity(given ?? usual);
        return limit is null || given is not null || request.ToDecimal() <= new ResourceQuantity(limit).ToDecimal()
            ? request
            : new ResourceQuantity(limit);
    }
}
