using System.Globalization;
using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>Memory as Kubernetes quantities and as bytes.</summary>
internal static class MemoryQuantity
{
    public const long Mebibyte = 1024 * 1024;

    public static long Bytes(string quantity) => (long)decimal.Ceiling(new ResourceQuantity(quantity).ToDecimal());

    public static string Format(long bytes) =>
        bytes % Mebibyte == 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte}Mi") : bytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>The next whole MiB.</summary>
    public static long RoundUp(long bytes) => (bytes + Mebibyte - 1) / Mebibyte * Mebibyte;
}
