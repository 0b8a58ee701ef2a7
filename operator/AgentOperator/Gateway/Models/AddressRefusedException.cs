using System.Net;
using AgentOperator.Api.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>A host's address is none that the operator connects to. The message says which, and why.</summary>
internal sealed class AddressRefusedException(string host, IPAddress address)
    : Exception($"{(host == address.ToString() ? host : $"{host} is {address}, which")} {LinkLocalAddresses.Refusal}.")
{
    /// <summary>The host, as a connection names it.</summary>
    public string Host { get; } = host;

    /// <summary>The refusal that ended a request; null if it ended otherwise.</summary>
    public static AddressRefusedException? In(Exception? exception)
    {
        while (exception is not (null or AddressRefusedException))
        {
            exception = exception.InnerException;
        }

        return (AddressRefusedException?)exception;
    }
}
