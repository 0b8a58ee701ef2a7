using System.Text;
using AgentOperator.Api;
using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Cluster;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;
using AgentOperator.Chaos.Operators;
using AgentOperator.Chaos.Oracles;
using AgentOperator.Chaos.Sabotage;
using AgentOperator.ControlRuntime;
using Microsoft.Extensions.Logging;
using k8s.Models;

namespace AgentOperator.Chaos;

/// <summary>One simulated cluster with its operators, agents, users and faults.</summary>
internal sealed class World
{
    public const string Namespace = "agents";

    /// <summary>By then a run that can end has ended: the longest deadline, backoff and node loss together are well under it.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromHours(2);
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private const long MaxEvents = 300_000;

    private readonly Dictionary<string, string> _runUids = [];
    private readonly Dictionary<string, int> _costly = [];
    private int _costlyToAll;

    public World(ulong seed, ISabotage sabotage, TextWriter? trace)
    {
        Simulator = new Simulator(seed, trace);
        Faults = new FaultPlan(Simulator);
        Server = new ApiServer(Simulator) { PodDeletionAsked = pod => Agents.Single(agent => agent.Uid == pod.Metadata.Uid).DeletionAsked() };
        Oracles = new OracleSet(this, new Findings(Simulator));
        Operators = new OperatorFleet(this);
        Provider = new Provider(this);
        Sabotage = sabotage;
        Loggers = new DefectLog(Oracles.Findings);
        var generator = new ProgramGenerator(Simulator.Random.Fork(), Faults.OddTexts, Faults.ModelContextBytes is null ? 0.05 : 0.3);
        Programs = Enumerable.Range(1, Simulator.Random.Between(1, 2)).Select(generator.Generate).ToDictionary(program => program.Model);
        Server.Pods.Changed += PodChanged;
    }

    public Simulator Simulator { get; }

    public FaultPlan Faults { get; }

    public ApiServer Server { get; }

    public OracleSet Oracles { get; }

    public OperatorFleet Operators { get; }

    public Provider Provider { get; }

    public ISabotage Sabotage { get; }

    public ILoggerFactory Loggers { get; }

    /// <summary>The agents' programs by their model's name.</summary>
    public IReadOnlyDictionary<string, AgentProgram> Programs { get; }

    /// <summary>Every pod there ever was.</summary>
    public List<PodAgent> Agents { get; } = [];

    public int Kills { get; private set; }

    /// <summary>Attempts that started after the last fault, while the provider answered, by run.</summary>
    public Dictionary<string, int> CalmAttempts { get; } = [];

    /// <summary>Runs the simulation to its end and has the oracles judge it.</summary>
    public void Run()
    {
        Server.Endpoints.Put(new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = ProgramGenerator.Endpoint, NamespaceProperty = Namespace, Uid = Server.NewUid() },
            Spec = new ModelEndpointSpec
            {
                BaseUrl = "https://models.example/v1", ApiKeySecretRef = new SecretKeyReference { Name = "key", Key = "key" }, MaxRetries = 2,
                TimeoutSeconds = Faults.Pick([60, 120, 300]),
            },
        });
        PutKey(Provider.Key);
        Operators.Start();
        foreach (var program in Programs.Values)
        {
            Simulator.After(Faults.Time(0, 30), null, $"a user creates {program.Run}", () => Create(program));
        }

        new FaultDriver(this).Start();
        Simulator.RunUntil(() => Simulator.Now >= Faults.FaultsEnd, Faults.FaultsEnd, MaxEvents);
        Simulator.After(Faults.FaultsEnd - Simulator.Now, null, "the faults end", Help);
        var ended = Simulator.RunUntil(IsDone, Faults.FaultsEnd + TimeToEnd, MaxEvents);
        if (ended)
        {
            // What is still under way must not undo the end.
            Simulator.RunUntil(() => false, Simulator.Now + Rest, MaxEvents);
        }

        Oracles.Ending.Check(ended);
    }

    public TimeSpan ClockSkew() => Faults.Time(-Faults.SkewSeconds, Faults.SkewSeconds);

    public string? UidOf(string run) => _runUids.GetValueOrDefault(run);

    public string? RunUidOf(string podUid) => Agents.FirstOrDefault(agent => agent.Uid == podUid)?.RunUid;

    public void Killed(string what)
    {
        Kills++;
        Simulator.Note($"KILL {what}");
    }

    public void PodStarted(PodAgent agent)
    {
        if (!Faults.Active && !Provider.IsInTrouble)
        {
            CalmAttempts[agent.Program.Run] = CalmAttempts.GetValueOrDefault(agent.Program.Run) + 1;
        }
    }

    /// <summary>A fault that may cost a run a failure.</summary>
    public void CountCostly(string run) => _costly[run] = _costly.GetValueOrDefault(run) + 1;

    /// <summary>A fault that may cost every run a failure.</summary>
    public void CountCostlyToAll() => _costlyToAll++;

    public int CostlyFaults(string run) => _costly.GetValueOrDefault(run) + _costlyToAll;

    public void ChangeSpec(ObjectKey key, Func<AgentRunSpec, AgentRunSpec> change, string verb)
    {
        if (Server.Runs.Get(key) is { } run)
        {
            Simulator.Note($"a user {verb} {key.Name}");
            Server.Runs.Put(new AgentRun
            {
                Metadata = run.Metadata with { Generation = run.Metadata.Generation + 1 }, Spec = change(run.Spec), Status = run.Status,
            });
        }
    }

    /// <summary>Somebody writes the provider's key into the Secret.</summary>
    public void PutKey(string key) => Server.Secrets.Put(new V1Secret
    {
        Metadata = new V1ObjectMeta { Name = "key", NamespaceProperty = Namespace },
        Type = ApiConstants.ModelKeySecretType,
        Data = new Dictionary<string, byte[]> { ["key"] = Encoding.UTF8.GetBytes(key) },
    });

    private void Create(AgentProgram program)
    {
        var uid = _runUids[program.Run] = Server.NewUid();
        Server.Runs.Put(new AgentRun
        {
            Metadata = new V1ObjectMeta
            {
                Name = program.Run,
                NamespaceProperty = Namespace,
                Uid = uid,
                Generation = 1,
                CreationTimestamp = Server.Timestamp,
            },
            Spec = program.Spec,
        });
    }

    private void PodChanged(ObjectChange<V1Pod> change)
    {
        if (change.Object is { } pod && Agents.All(agent => agent.Uid != pod.Metadata.Uid))
        {
            Agents.Add(new PodAgent(this, pod));
        }
    }

    private bool IsDone() =>
        _runUids.Count == Programs.Count
        && Server.Runs.All.All(run => Phases.IsTerminal(run.Status?.Phase))
        && Agents.All(agent => !agent.IsAlive)
        && Server.Pods.All.All(pod => pod.Status.Phase is "Succeeded" or "Failed");

    /// <summary>What people do when nothing fails any more: they see to runs that wait for them.</summary>
    private void Help()
    {
        foreach (var run in Server.Runs.All.Where(run => run.Status is { Phase: Phases.Waiting }).ToList())
        {
            var waits = run.Status!.Conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Running)?.Reason;
            if (waits == Reasons.MemoryCapReached)
            {
                ChangeSpec(
                    ObjectKey.Of(run),
                    spec => spec with { Recovery = spec.Recovery with { OutOfMemory = spec.Recovery.OutOfMemory with { MaxMemory = "64Gi" } } },
                    "gives more memory to");
            }
        }

        Simulator.After(TimeSpan.FromMinutes(5), null, null, Help);
    }
}
