using System.Net;
using System.Net.Sockets;

namespace AgentOperator.SimulatedNodes.Operators;

/// <summary>Finds TCP ports that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>That many different ports.</summary>
    public static int[] Find(int count)
    {
        // All at once, so that none is given twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners)
            {
                listener.Start();
            }

            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
    }
}
