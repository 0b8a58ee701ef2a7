using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentRunner.Tools.Mcp;

/// <summary>
/// The root certificates that the system trusts, for MCP servers over HTTPS. The platform would read them at a process's first handshake,
/// even when that handshake does not use them. That is a quarter of the runner's start, and the gateway is trusted by its own authority only.
/// </summary>
/// <param name="file">A PEM file with many; null takes the distribution's.</param>
/// <param name="folders">Folders with PEM files, separated by colons; null for none.</param>
internal sealed class SystemRoots(string? file, string? folders)
{
    /// <summary>OpenSSL's variables for where the certificates are. .NET uses them too.</summary>
    public const string FileVariable = "SSL_CERT_FILE";

    /// <inheritdoc cref="FileVariable"/>
    public const string FoldersVariable = "SSL_CERT_DIR";

    private const string Nothing = "/dev/null";

    private static readonly string[] Bundles =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ];

    /// <summary>
    /// Keeps the platform from reading them. Call it before the first handshake. Shell commands are not affected: they inherit no variable.
    /// </summary>
    public static void KeepFromPlatform()
    {
        foreach (var variable in (string[])[FileVariable, FoldersVariable])
        {
            if (NativeEnvironment.SetVariable(variable, Nothing, overwrite: 1) != 0)
            {
                throw new InvalidOperationException($"The environment variable {variable} could not be set.");
            }
        }
    }

    private X509Certificate2Collection? _read;

    /// <summary>A handler that trusts them. They are read here, once.</summary>
    /// <param name="others">PEM certificates that it trusts as well; empty for none.</param>
    /// <exception cref="CryptographicException">One of <paramref name="others"/> cannot be read.</exception>
    public SocketsHttpHandler CreateHandler(string others = "")
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(others);
        policy.CustomTrustStore.AddRange(_read ??= Read());
        return new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, SslOptions = { CertificateChainPolicy = policy } };
    }

    /// <summary>Reads them. Skips files that hold no PEM certificates, as OpenSSL does.</summary>
    public X509Certificate2Collection Read()
    {
        var roots = new X509Certificate2Collection();
        IEnumerable<string> files = file is not null ? [file] : Bundles.Where(File.Exists).Take(1);
        var inFolders = (folders
            ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles);
        foreach (var path in files.Concat(inFolders))
        {
            try
            {
                roots.ImportFromPemFile(path);
            }
            catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // Certificate folders hold other files too. If a root is missing, the error of the connection names the server.
            }
        }

        return roots;
    }
}
