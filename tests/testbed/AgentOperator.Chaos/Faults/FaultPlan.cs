using AgentOperator.Chaos.Engine;

namespace AgentOperator.Chaos.Faults;

/// <summary>
/// Which faults strike in one simulation and how often. Each seed switches a random subset on: a bug that needs many of one kind is drowned when
/// all kinds strike all the time.
/// </summary>
internal sealed class FaultPlan
{
    private readonly Simulator _simulator;
    private readonly SimulationRandom _random;

    public FaultPlan(Simulator simulator)
    {
        _simulator = simulator;
        _random = simulator.Random.Fork();
        var calm = _random.Chance(0.03);
        ApiLost = Rate(calm, 0.5, 0.08);
        ApiDoubled = Rate(calm, 0.3, 0.05);
        OperatorKill = Rate(calm, 0.5, 0.02);
        NetworkLost = Rate(calm, 0.5, 0.12);
        NetworkDoubled = Rate(calm, 0.3, 0.1);
        RunnerKill = Rate(calm, 0.5, 0.04);
        ToolKill = Rate(calm, 0.4, 0.1);
        SlowCalls = Rate(calm, 0.4, 0.04);
        ModelFaults = Rate(calm, 0.4, 0.3);
        WatchLag = calm || _random.Chance(0.3) ? TimeSpan.FromMilliseconds(50) : _random.Time(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Relists = Rate(calm, 0.3, 0.05);
        PodFaultsPerMinute = Rate(calm, 0.7, 2);
        OperatorFaultsPerMinute = Rate(calm, 0.5, 0.6);
        OutagesPerMinute = Rate(calm, 0.3, 0.3);
        UserActsPerMinute = Rate(calm, 0.4, 0.5);
        SkewSeconds = Rate(calm, 0.4, 600);
        ProviderFaultsPerMinute = Rate(calm, 0.5, 1.5);
        UnusableAnswers = Rate(calm, 0.3, 0.3);
        OddTexts = _random.Chance(0.5);
        ModelContextBytes = !calm && _random.Chance(0.3) ? _random.Between(6_000, 30_000) : null;
        PodFaults = Subset(Enum.GetValues<PodFault>());
        OperatorFaults = Subset(Enum.GetValues<OperatorFault>());
        ProviderFaults = Subset(Enum.GetValues<ProviderFault>());
        FaultsEnd = _random.Time(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(6));
    }

    public double ApiLost { get; }

    public double ApiDoubled { get; }

    public double OperatorKill { get; }

    public double NetworkLost { get; }

    public double NetworkDoubled { get; }

    public double RunnerKill { get; }

    public double ToolKill { get; }

    public double SlowCalls { get; }

    public double ModelFaults { get; }

    /// <summary>How long a change takes at most to reach a cache.</summary>
    public TimeSpan WatchLag { get; }

    /// <summary>How often a change breaks a watch, so that the cache stays behind until it lists again.</summary>
    public double Relists { get; }

    public double PodFaultsPerMinute { get; }

    public double OperatorFaultsPerMinute { get; }

    public double OutagesPerMinute { get; }

    public double UserActsPerMinute { get; }

    public double ProviderFaultsPerMinute { get; }

    /// <summary>How often an answer is paid for and says nothing.</summary>
    public double UnusableAnswers { get; }

    /// <summary>Whether models, tools and users write odd text.</summary>
    public bool OddTexts { get; }

    /// <summary>The longest request that the model takes, faults or not; null takes any. Every run can be shortened to it.</summary>
    public int? ModelContextBytes { get; }

    /// <summary>How wrong a process's clock may be, either way.</summary>
    public double SkewSeconds { get; }

    public IReadOnlyList<PodFault> PodFaults { get; }

    public IReadOnlyList<OperatorFault> OperatorFaults { get; }

    public IReadOnlyList<ProviderFault> ProviderFaults { get; }

    /// <summary>From then on nothing fails any more but a provider in trouble, and every run has to end.</summary>
    public TimeSpan FaultsEnd { get; }

    public bool Active => _simulator.Now < FaultsEnd;

    /// <summary>Whether what a fault delayed or doubled has arrived too.</summary>
    public bool AreLongOver => _simulator.Now > FaultsEnd + TimeSpan.FromMinutes(2);

    /// <summary>Until when the API server answers nobody; null while it does.</summary>
    public TimeSpan? ApiOutageUntil { get; set; }

    /// <summary>What becomes of a call of the API server.</summary>
    public CallFate Api(bool write)
    {
        if (ApiOutageUntil is { } end && _simulator.Now < end)
        {
            return new CallFate(FateKind.RequestLost, Latency(), Latency(), true);
        }

        return new CallFate(
            Draw((FateKind.KillBefore, write ? OperatorKill / 2 : 0), (FateKind.KillAfter, write ? OperatorKill / 2 : 0),
                (FateKind.RequestLost, ApiLost / 2), (FateKind.ReplyLost, ApiLost / 2), (FateKind.Doubled, write ? ApiDoubled : 0)),
            Latency(), Latency(), _random.Chance(0.5));
    }

    /// <summary>What becomes of a request of a runner to the gateway, on its way there.</summary>
    public CallFate Network() => new(
        Draw((FateKind.KillBefore, RunnerKill / 2), (FateKind.KillAfter, RunnerKill / 2),
            (FateKind.RequestLost, NetworkLost / 2), (FateKind.ReplyLost, NetworkLost / 2), (FateKind.Doubled, NetworkDoubled)),
        Latency(), Latency(), _random.Chance(0.5));

    /// <summary>What becomes of a tool.</summary>
    public CallFate Tool(TimeSpan duration) => new(
        Draw((FateKind.KillBefore, ToolKill / 2), (FateKind.KillAfter, ToolKill / 2)), duration * _random.NextDouble(),
        duration * _random.NextDouble(),
        true);

    /// <summary>How long a change takes to reach a cache.</summary>
    public TimeSpan Lag() => !Active || _random.Chance(0.5)
        ? _random.Time(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50))
        : _random.Time(TimeSpan.Zero, WatchLag);

    public bool Strikes(double probability) => Active && _random.Chance(probability);

    /// <summary>The pause before the next fault of a kind that comes by the minute; null when it does not come.</summary>
    public TimeSpan? Next(double perMinute) => perMinute <= 0 ? null : TimeSpan.FromMinutes(-Math.Log(1 - _random.NextDouble()) / perMinute);

    public TimeSpan Time(double lowSeconds, double highSeconds) => _random.Time(TimeSpan.FromSeconds(lowSeconds), TimeSpan.FromSeconds(highSeconds));

    public T Pick<T>(IReadOnlyList<T> items) => _random.Pick(items);

    public bool Chance(double probability) => _random.Chance(probability);

    private FateKind Draw(params ReadOnlySpan<(FateKind Kind, double Probability)> kinds)
    {
        if (!Active)
        {
            return FateKind.Answered;
        }

        var drawn = _random.NextDouble();
        foreach (var (kind, probability) in kinds)
        {
            if ((drawn -= probability) < 0)
            {
                return kind;
            }
        }

        return FateKind.Answered;
    }

    private TimeSpan Latency() => Strikes(SlowCalls)
        ? _random.Time(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(40))
        : _random.Time(TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(10));

    private double Rate(bool calm, double on, double most)
    {
        var rate = _random.NextDouble() * most;
        return _random.Chance(on) && !calm ? rate : 0;
    }

    private List<T> Subset<T>(T[] all)
    {
        var some = all.Where(_ => _random.Chance(0.5)).ToList();
        return some.Count > 0 ? some : [_random.Pick(all)];
    }
}
