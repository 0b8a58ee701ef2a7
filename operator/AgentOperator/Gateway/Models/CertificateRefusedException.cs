using System.Security.Authentication;

namespace AgentOperator.Gateway.Models;

/// <summary>A server's certificate is not accepted. The message says why, and what to do.</summary>
internal sealed class CertificateRefusedException(string message) : AuthenticationException(message);
