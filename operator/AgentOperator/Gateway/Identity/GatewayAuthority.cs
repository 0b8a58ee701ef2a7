using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Options;

namespace AgentOperator.Gateway.Identity;

/// <summary>
/// The gateway's own certificate authority: made once, kept in a Secret that all replicas share. Each replica issues its serving
/// certificate from it in memory and renews it in time, so nothing has to be rotated by hand.
/// </summary>
internal sealed partial class GatewayAuthority(
    IKubernetes kubernetes, IOptions<GatewayOptions> options, TimeProvider time, ILogger<GatewayAuthority> logger) : IGatewayAuthority, IDisposable
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ServingLife = TimeSpan.FromDays(30);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private X509Certificate2? _authority;
    private X509Certificate2? _serving;

    public string CertificatePem =>
        (_authority ?? throw new InvalidOperationException("the gateway's authority is not loaded yet")).ExportCertificatePem();

    /// <summary>Loads the authority from its Secret, or makes it. When two replicas make it at once, the first wins.</summary>
    /// <exception cref="OptionsValidationException">The Secret holds no authority that can be used; the failure says why.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (name, space) = (options.Value.GatewayTlsSecret, options.Value.Namespace);
        try
        {
            await ReadAsync(name, space, cancellationToken);
            return;
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            LogCreating(logger, space, name);
        }

        using var made = Make();
        try
        {
            await kubernetes.CoreV1.CreateNamespacedSecretAsync(AuthoritySecret.Of(made, name, space), space, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsAlreadyExists())
        {
            LogOtherReplica(logger, space, name);
        }

        await ReadAsync(name, space, cancellationToken);
    }

    /// <summary>
    /// The certificate for the next handshake; renewed when a third of its life is left. It is never valid for longer than the authority.
    /// </summary>
    public X509Certificate2 ServingCertificate()
    {
        lock (_lock)
        {
            // An older certificate is left to the collector: a handshake may still be using it.
            if (_serving is null || _serving.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime < (_serving.NotAfter - _serving.NotBefore) / 3)
            {
                _serving = Issue(_authority ?? throw new InvalidOperationException("the gateway's authority is not loaded yet"));
            }

            return _serving;
        }
    }

    public void Dispose()
    {
        _authority?.Dispose();
        _serving?.Dispose();
    }

    private async Task ReadAsync(string name, string space, CancellationToken cancellationToken)
    {
        var secret = await kubernetes.CoreV1.ReadNamespacedSecretAsync(name, space, cancellationToken: cancellationToken);
        if (AuthoritySecret.FindProblem(secret, time.GetUtcNow()) is { } problem)
        {
            throw new OptionsValidationException(
                nameof(GatewayOptions.GatewayTlsSecret), typeof(GatewayOptions),
                [
                    $"Secret {space}/{name} ({nameof(GatewayOptions.GatewayTlsSecret)}) is not a certificate authority for the gateway: {problem}. "
                    + "Correct it, or delete it to have it made anew, then restart the operator.",
                ]);
        }

        _authority = AuthoritySecret.Read(secret);
    }

    private X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=agentoperator-gateway-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now - ClockSkew, now + AuthorityLife);
    }

    private X509Certificate2 Issue(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var host = new Uri(options.Value.GatewayUrl).Host;
        var request = new CertificateRequest("CN=agentoperator-gateway", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (System.Net.IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());

        // RFC 5280 wants it, and so does Python from 3.13 on.
        var signer = authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()
            ?? new X509SubjectKeyIdentifierExtension(authority.PublicKey, false);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(signer));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], true));
        var now = time.GetUtcNow();
        var (begin, end) = (now - ClockSkew, now + ServingLife);
        var (first, last) = (new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter));
        using var certificate = request.Create(
            authority.SubjectName, AuthoritySecret.SignerOf(authority), begin < first ? first : begin, end > last ? last : end,
            RandomNumberGenerator.GetBytes(16));
        using var withKey = certificate.CopyWithPrivateKey(key);
        LogIssued(logger, host, certificate.NotAfter);

        // TLS on this platform wants the key in the certificate's own store.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Making the gateway's certificate authority in Secret {Namespace}/{Name}")]
    private static partial void LogCreating(ILogger logger, string @namespace, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Another replica made Secret {Namespace}/{Name} first; using that one")]
    private static partial void LogOtherReplica(ILogger logger, string @namespace, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Issued the gateway's certificate for {Host}, valid until {NotAfter}")]
    private static partial void LogIssued(ILogger logger, string host, DateTime notAfter);
}
