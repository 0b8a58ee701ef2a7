using AgentOperator.Testing;

namespace AgentOperator.Chaos.RealCluster.Machine;

/// <summary>Cuts pods off in the cluster's own network namespace. Every rule carries a comment, so that all of them are found again.</summary>
internal sealed class PacketFilter(string cluster)
{
    private const string Comment = "agentoperator-chaos";
    private static readonly IReadOnlyList<(string Table, string Chain)> Chains = [("raw", "PREROUTING"), ("mangle", "POSTROUTING")];

    /// <summary>Drops every packet from and to an address: before addresses are translated on the way in, and after it on the way out.</summary>
    /// <returns>Whether both rules stand.</returns>
    public async Task<bool> CutAsync(string address) =>
        (await ChangeAsync("-I", "raw", "PREROUTING", "-s", address)).Succeeded
        && (await ChangeAsync("-I", "mangle", "POSTROUTING", "-d", address)).Succeeded;

    /// <summary>Removes the rules of an address.</summary>
    public async Task MendAsync(string address)
    {
        await ChangeAsync("-D", "raw", "PREROUTING", "-s", address);
        await ChangeAsync("-D", "mangle", "POSTROUTING", "-d", address);
    }

    /// <summary>Removes every rule that was ever added here, also by a process that was killed.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> MendAllAsync()
    {
        var removed = 0;
        foreach (var (table, chain) in Chains)
        {
            var rules = (await InNetworkAsync("iptables", "-w", "-t", table, "-S", chain)).OrThrow().Output;
            foreach (var rule in rules.Split('\n').Where(line => line.Contains(Comment, StringComparison.Ordinal)))
            {
                (await InNetworkAsync(["iptables", "-w", "-t", table, "-D", .. rule.Replace("\"", "", StringComparison.Ordinal).Split(' ')[1..]]))
                    .OrThrow();
                removed++;
            }
        }

        return removed;
    }

    private Task<Testing.CommandResult> ChangeAsync(string action, string table, string chain, string direction, string address) =>
        InNetworkAsync("iptables", "-w", "-t", table, action, chain, direction, address, "-m", "comment", "--comment", Comment, "-j", "DROP");

    private Task<Testing.CommandResult> InNetworkAsync(params string[] command) =>
        Root.TryAsync("nsenter", [$"--net=/run/netns/agentoperator-{cluster}", .. command]);
}
