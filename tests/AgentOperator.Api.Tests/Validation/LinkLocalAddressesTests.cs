using System.Net;
using AgentOperator.Api.Validation;

namespace AgentOperator.Api.Tests.Validation;

public sealed class LinkLocalAddressesTests
{
    [TestCase("169.254.0.0")]
    [TestCase("169.254.169.254")]
    [TestCase("169.254.170.2")]
    [TestCase("169.254.255.255")]
    [TestCase("168.63.129.16")]
    [TestCase("100.100.100.200")]
    [TestCase("192.0.0.192")]
    [TestCase("fe80::1")]
    [TestCase("fe80::1%3")]
    [TestCase("febf:ffff::1")]
    [TestCase("fd00:ec2::254")]
    [TestCase("fd00:ec2::23")]
    [TestCase("fd20:ce::254")]
    [TestCase("::ffff:169.254.169.254")]
    [TestCase("::169.254.169.254")]
    [TestCase("::ffff:0:169.254.169.254")]
    [TestCase("64:ff9b::169.254.169.254")]
    [TestCase("2002:a9fe:a9fe::1")]
    [TestCase("::ffff:168.63.129.16")]
    public void Contains_AddressOfANodesOwnServices_IsTrue(string address) => Assert.That(LinkLocalAddresses.Contains(IPAddress.Parse(address)));

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    [TestCase("10.0.0.1")]
    [TestCase("172.16.0.1")]
    [TestCase("192.168.1.1")]
    [TestCase("100.64.0.1")]
    [TestCase("100.100.100.201")]
    [TestCase("169.253.255.255")]
    [TestCase("169.255.0.0")]
    [TestCase("168.63.129.17")]
    [TestCase("8.8.8.8")]
    [TestCase("fd00::1")]
    [TestCase("fd20:ce::253")]
    [TestCase("fec0::1")]
    [TestCase("2001:db8::1")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("64:ff9b::10.0.0.1")]
    [TestCase("2002:0a00:0001::1")]
    public void Contains_AnyOtherAddress_IsFalse(string address) => Assert.That(LinkLocalAddresses.Contains(IPAddress.Parse(address)), Is.False);

    [TestCase("http://169.254.169.254/latest")]
    [TestCase("http://2852039166/")]
    [TestCase("http://0xa9fea9fe/")]
    [TestCase("http://0251.0376.0251.0376/")]
    [TestCase("http://169.254.43518/")]
    [TestCase("http://[::ffff:a9fe:a9fe]/")]
    [TestCase("https://[fe80::1]:8443/")]
    public void IsHostOf_AddressThatIsWrittenOut_IsTrueHoweverItIsWritten(string url) => Assert.That(LinkLocalAddresses.IsHostOf(new Uri(url)));

    [TestCase("http://metadata.google.internal/")]
    [TestCase("http://10.0.0.1/")]
    [TestCase("http://169.254.169.254.example/")]
    public void IsHostOf_NameOrOtherAddress_IsFalse(string url) => Assert.That(LinkLocalAddresses.IsHostOf(new Uri(url)), Is.False);
}
