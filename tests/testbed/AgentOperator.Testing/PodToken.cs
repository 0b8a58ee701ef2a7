using System.Buffers.Text;
using System.Text;

namespace AgentOperator.Testing;

/// <summary>Tokens that look like a pod's, for reviewers that compare them only.</summary>
internal static class PodToken
{
    private static readonly string Unsigned = With("""
        {"aud":["agentoperator"],"exp":4102444800,
        "kubernetes.io":{"namespace":"agents","pod":{"name":"a-runner-1","uid":"7"},"serviceaccount":{"name":"agent-operator-agent"}}}
        """);

    /// <summary>A pod's token, the same each time.</summary>
    /// <param name="podUid">Without dots.</param>
    public static string Of(string podUid) => Unsigned + podUid;

    /// <summary>A token without its signature, and with any claims.</summary>
    public static string With(string claims) => $"eyJhbGciOiJSUzI1NiJ9.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.";
}
