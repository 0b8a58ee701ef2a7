using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>The store behind a local control plane.</summary>
/// <param name="plane">The control plane.</param>
internal sealed partial class EtcdStore(LocalControlPlane plane) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = AddressOf(plane), Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>
    /// How large it is with nothing in it but what is there now: earlier versions are dropped first, and free pages given back. Nobody may work
    /// on it meanwhile.
    /// </summary>
    /// <returns>Bytes.</returns>
    public async Task<long> CompactAsync()
    {
        // The lowest key there can be, in Base64: what is asked for is the header.
        var newest = await PostAsync("kv/range", """{"key":"AA==","limit":"1"}""");
        var revision = newest.GetProperty("header").GetProperty("revision").GetString();
        await PostAsync("kv/compaction", $$"""{"revision":"{{revision}}","physical":true}""");
        await PostAsync("maintenance/defragment", "{}");
        return long.Parse((await PostAsync("maintenance/status", "{}")).GetProperty("dbSize").GetString()!, CultureInfo.InvariantCulture);
    }

    public void Dispose() => _http.Dispose();

    private static Uri AddressOf(LocalControlPlane plane)
    {
        var command = File.ReadAllText(Path.Combine(plane.RunFolder, "kube-apiserver.command"));
        return new Uri(
            Servers().Match(command) is { Success: true } found
                ? found.Groups["address"].Value
                : throw new InvalidDataException("The API server's command names no etcd."));
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"v3/{path}", UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new HttpRequestException($"etcd, {path}: {(int)response.StatusCode} {text}");
    }

    [GeneratedRegex(@"--etcd-servers\s+'?(?<address>[^\s']+)")]
    private static partial Regex Servers();
}
