using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Identity;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Identity;

/// <summary>The Secret that the chart's gateway.tlsSecret names.</summary>
internal sealed class GatewayAuthorityTests
{
    private const string SecretName = "authority";
    private const string Host = "agent-operator-gateway.system.svc";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private FakeConnection _connection = null!;
    private FakeTimeProvider _time = null!;
    private GatewayAuthority _authority = null!;

    private static IEnumerable<TestCaseData> UnusableSecrets()
    {
        var good = Authority();
        var (certificate, key) = (Pem(good), KeyPem(good));
        yield return Case("it has no ca.crt and no ca.key");
        yield return Case("it has no ca.key", ("ca.crt", certificate), ("tls.key", key));
        yield return Case("it has no ca.crt", ("ca.key", key));
        yield return Case("are not a certificate and its unencrypted private key in PEM", ("ca.crt", ""), ("ca.key", ""));
        yield return Case("are not a certificate and its unencrypted private key in PEM", ("ca.crt", "not\u0000PEM"), ("ca.key", key));
        yield return Case("are not a certificate and its unencrypted private key in PEM", ("ca.crt", key), ("ca.key", certificate));
        yield return Case("are not a certificate and its unencrypted private key in PEM", ("ca.crt", certificate), ("ca.key", KeyPem(Authority())));
        yield return Case("are not a certificate and its unencrypted private key in PEM", ("ca.crt", certificate), ("ca.key", EncryptedKeyPem(good)));
        yield return Case("is not the certificate of an authority", Pair(Authority(isAuthority: false)));
        yield return Case("may not sign certificates", Pair(Authority(usage: X509KeyUsageFlags.DigitalSignature)));
        yield return Case("ca.crt expired at 2026-02-01 00:00:00Z", Pair(Authority(until: new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero))));
        yield return Case(
            "ca.crt is not valid before 2026-04-01 00:00:00Z", Pair(Authority(from: new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero))));
    }

    [SetUp]
    public void SetUp()
    {
        (_connection, _time) = (new FakeConnection(new FakeKubernetes()), new FakeTimeProvider(Now));
        _authority = new GatewayAuthority(
            _connection.Client,
            Options.Create(new GatewayOptions
            {
                GatewayUrl = $"https://{Host}:8443", Namespace = AgentRunBuilder.Namespace, PodName = "operator-1", GatewayTlsSecret = SecretName,
            }),
            _time,
            NullLogger<GatewayAuthority>.Instance);
    }

    [TearDown]
    public void TearDown()
    {
        _authority.Dispose();
        _connection.Dispose();
    }

    [TestCaseSource(nameof(UnusableSecrets))]
    public async Task Load_SecretIsUnusable_SaysWhatIsWrongAndQuotesNothing(string problem, Dictionary<string, byte[]> data)
    {
        Put(data);

        var failure = (await Assert.ThrowsAsync<OptionsValidationException>(() => _authority.LoadAsync(CancellationToken.None)))!;

        Assert.That(
            failure.Failures.Single(),
            Does.StartWith($"Secret {AgentRunBuilder.Namespace}/{SecretName} (GatewayTlsSecret) ").And.Contain(problem));
        Assert.That(failure.Failures.Single(), Does.Not.Contain("BEGIN"));
        Assert.That(_connection.Exchanges.Any(exchange => exchange.Request.IsWrite), Is.False, "what somebody put there is not replaced");
    }

    [Test]
    public async Task Load_SecretIsNotThere_IsMadeAndSignsTheGatewaysCertificate()
    {
        await _authority.LoadAsync(CancellationToken.None);

        AssertIsTrusted(_authority.ServingCertificate());
    }

    /// <summary>Clients that follow RFC 5280 to the letter refuse a certificate without it; Python does from 3.13 on.</summary>
    [Test]
    public async Task ServingCertificate_NamesTheKeyOfItsAuthority()
    {
        await _authority.LoadAsync(CancellationToken.None);
        using var authority = X509Certificate2.CreateFromPem(_authority.CertificatePem);

        var named = _authority.ServingCertificate().Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.ToArray();

        Assert.That(named, Is.EqualTo(authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray()));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task ServingCertificate_AuthorityEndsSoon_IsTrustedAndEndsNoLater(bool isRsa)
    {
        var authority = Authority(until: Now.AddDays(3), isRsa: isRsa);
        Put(Data(Pair(authority)));

        await _authority.LoadAsync(CancellationToken.None);
        var first = _authority.ServingCertificate();
        _time.Advance(TimeSpan.FromHours(1));

        AssertIsTrusted(first);
        Assert.That(first.NotAfter, Is.EqualTo(authority.NotAfter));
        Assert.That(_authority.ServingCertificate(), Is.SameAs(first), "it is not issued for each handshake");
    }

    private void AssertIsTrusted(X509Certificate2 serving)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.LocalDateTime;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_authority.CertificatePem));
        Assert.That(chain.Build(serving), Is.True, () => string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.That(serving.MatchesHostname(Host), Is.True);
    }

    private void Put(Dictionary<string, byte[]> data) => new FakeObjects<V1Secret>(_connection).Put(
        new V1Secret { Metadata = new V1ObjectMeta { Name = SecretName, NamespaceProperty = AgentRunBuilder.Namespace }, Data = data });

    private static X509Certificate2 Authority(
        bool isAuthority = true, X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign, DateTimeOffset? from = null, DateTimeOffset? until = null,
        bool isRsa = false)
    {
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var request = isRsa
            ? new CertificateRequest("CN=test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=test", elliptic, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        return request.CreateSelfSigned(from ?? Now.AddYears(-1), until ?? Now.AddYears(1));
    }

    private static (string Key, string Text)[] Pair(X509Certificate2 authority) => [("ca.crt", Pem(authority)), ("ca.key", KeyPem(authority))];

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem();

    private static string KeyPem(X509Certificate2 certificate) =>
        ((AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!).ExportPkcs8PrivateKeyPem();

    private static string EncryptedKeyPem(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(
        "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

    private static Dictionary<string, byte[]> Data((string Key, string Text)[] pairs) =>
        pairs.ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Text));

    private static TestCaseData Case(string problem, params (string Key, string Text)[] pairs) =>
        new TestCaseData(problem, Data(pairs)).SetArgDisplayNames(problem, $"{pairs.Length} keys");
}
