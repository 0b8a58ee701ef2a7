using System.Text;

namespace AgentOperator.Testing;

/// <summary>URLs as manifests and servers may name them, most of them put together from what URL readers disagree about.</summary>
internal static class AnyUrl
{
    private static readonly string[] Schemes = ["http://", "https://", "HTTP://", "http:/", "http:", "ftp://", "file://", "//", ""];

    private static readonly string[] Users = ["", "me@", "me:hidden@", "hidden:1@x@"];

    private static readonly string[] Hosts =
    [
        "h", "api.example", "api.example.", "localhost", "127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "256.1.1.1", "1.2.3.4.5",
        "169.254.169.254",
        "0xa9fea9fe", "[::1]", "[::1", "::1", "[::ffff:169.254.169.254]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[v1.a]", "[]", "[", "]",
        "[::1]x", "x[::1]",
        "", ".", "..", "a..b", ".a", "-a", "a-", "a_b", "bücher.example", "xn--bcher-kva.example", "xn--é", "xn--a", "xn--",
        "\uFF11\uFF16\uFF19.254.169.254",
        "例え.テスト", "a\u3002b", "ß.example", "\u200Bh", "a\u00ADb", "h%41", "h%", "%31", "\u0301a", "\u202Eevil", "h\u0000", "h\t", "h ",
        "h\n", "good\\evil",
        "h;", "h,", "h*", "h|", "<h>", "h{", "h\"", "h'", "h`", "\uD800", "\uDC00", "🎉.example", "عربي.example", "1", "0", "h\uFF0Fevil",
        "h\u2100", "\uFB00",
        "\u0130", "\uFFFD", "\u001B[31mh", new('a', 64), string.Concat(Enumerable.Repeat("a.", 130)), new('é', 70),
        string.Concat(Enumerable.Repeat("é.", 60)),
    ];

    private static readonly string[] Ports =
    [
        "", ":80", ":8080", ":", ":0", ":1", ":65535", ":65536", ":99999", ":99999999999999999999", ":8080x", ":-1", ":+80", ":\uFF18\uFF10",
        ":00080", ": 80", ":80:90", ":hidden",
    ];

    private static readonly string[] Tails =
    [
        "", "/", "/v1", "/v1/", "/v1?x=1", "?x", "?", "#f", "/v1#f", "/%", "/%zz", "/%2F..%2f", "/a b", "/a\\b", "\\a", "/é", "/\u0000",
        "/\u001B[31m", "/\uD800",
        "//x", "/..", "/../..", "/.", "/@", "/v1?u=a@b", "/hidden@h", "/[", "/{}|^`<>\"'", "/\u202E", "/\u2028", "/\u0085",
        "/v1/chat/completions",
        "/" + new string('x', 3000), "?" + new string('é', 70_000), "/🎉", "/:80",
    ];

    /// <summary>The URL of a seed: the same each time. A test that fails says the seed.</summary>
    /// <param name="seed">Any number.</param>
    public static string Of(int seed)
    {
        var random = new Random(seed);
        var url = new StringBuilder(Any("https://", Schemes)).Append(Any("", Users)).Append(Any("api.example", Hosts)).Append(Any("", Ports))
            .Append(Any("/v1", Tails));

        // Now and then any character anywhere.
        if (random.Next(4) == 0)
        {
            url.Insert(random.Next(url.Length + 1), random.Next(2) == 0 ? (char)random.Next(0x180) : (char)random.Next(char.MaxValue + 1));
        }

        return url.ToString();

        // Mostly one odd part or two: with more, every URL would be refused for its first.
        string Any(string plain, string[] pieces) => random.Next(10) < 5 ? plain : pieces[random.Next(pieces.Length)];
    }
}
