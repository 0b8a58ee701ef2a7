using System.Globalization;
using ModelContextProtocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>A server sent more at once than is read.</summary>
/// <param name="maxBytes">The bound.</param>
internal sealed class McpAnswerTooLargeException(long maxBytes)
    : McpException(string.Create(CultureInfo.InvariantCulture, $"it sent more than {maxBytes} bytes at once"))
{
    /// <summary>The bound.</summary>
    public long MaxBytes => maxBytes;
}
