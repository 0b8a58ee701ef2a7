using System.Globalization;
using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Engine;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentRunner.Gateway;
using AgentRunner.Loop;
using AgentRunner;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentOperator.Chaos.Cluster;

/// <summary>One pod with the real runner in it, its kubelet and its node: from scheduling to its removal.</summary>
internal sealed class PodAgent
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly World _world;
    private readonly V1Pod _pod;
    private readonly StopSignal _stop;
    private readonly List<Action> _connections = [];
    private bool _started;
    private bool _nodeIsDead;
    private TimeSpan _kubeletAwayUntil;

    public PodAgent(World world, V1Pod pod)
    {
        (_world, _pod) = (world, pod);
        Program = world.Programs.Values.Single(program => program.Run == pod.Metadata.Labels[Api.Labels.Run]);
        Process = new SimulatedProcess(world.Simulator, pod.Metadata.Name, world.ClockSkew());
        _stop = new StopSignal(Grace, Process.Time);
        world.Simulator.After(world.Faults.Time(0.05, 1.5), null, $"{Name}: scheduled", Schedule);
    }

    public string Name => _pod.Metadata.Name;

    public string Uid => _pod.Metadata.Uid;

    public string RunUid => _pod.Metadata.OwnerReferences[0].Uid;

    public AgentProgram Program { get; }

    public SimulatedProcess Process { get; }

    public int MemoryMebibytes => (int)(MemoryQuantity.Bytes(PodFacts.MemoryLimit(_pod)!) / (1024 * 1024));

    /// <summary>Whether the agent's process runs, whatever the API server knows.</summary>
    public bool IsAlive => _started && !Process.IsDead;

    /// <summary>Until when the agent does not reach the gateway.</summary>
    public TimeSpan PartitionedUntil { get; set; }

    /// <summary>Remembers a request under way: its server may notice when this process dies.</summary>
    public void Connected(Action abort) => _connections.Add(abort);

    public void Disconnected(Action abort) => _connections.Remove(abort);

    /// <summary>The kubelet learns that the pod is to go.</summary>
    public void DeletionAsked() => ByKubelet(Terminate);

    /// <summary>The kernel kills the agent for memory while a tool runs.</summary>
    public void OutOfMemoryIn(TimeSpan duration) =>
        _world.Simulator.After(duration * 0.3, Process, null, () => Kill("killed for memory", 137, "OOMKilled"));

    public void Kill(string why, int exitCode, string reason)
    {
        if (!IsAlive)
        {
            return;
        }

        Stop(why);
        ByKubelet(() => Report(exitCode, reason, ""));
    }

    public void Evict()
    {
        if (!IsAlive)
        {
            return;
        }

        Stop("evicted");
        ByKubelet(() =>
        {
            _world.Server.UpdatePod(_pod, current => current with
            {
                Status = current.Status with { Phase = "Failed", Reason = "Evicted", Message = "The node was low on resource: memory." },
            });
            Leave();
        });
    }

    public void Preempt()
    {
        _world.Server.UpdatePod(_pod, current => WithCondition(current, "DisruptionTarget", "True", "PreemptionByScheduler"));
        _world.Server.DeletePod(ObjectKey.Of(_pod), Uid);
    }

    public void Freeze(TimeSpan time)
    {
        _world.Simulator.Note($"{Name}: frozen for {time.TotalSeconds:0.0} s");
        Process.FrozenUntil = _world.Simulator.Now + time;
    }

    /// <summary>The node goes away, with the agent or only from the control plane's sight.</summary>
    public void LoseNode(bool dies)
    {
        var away = _world.Faults.Time(20, 400);
        _kubeletAwayUntil = _world.Simulator.Now + away;
        _nodeIsDead |= dies;
        _world.Simulator.Note($"{Name}: node {(dies ? "dies" : "is unreachable")} for {away.TotalSeconds:0.0} s");
        if (dies)
        {
            Stop("its node died");
        }

        _world.Simulator.After(TimeSpan.FromSeconds(40), null, null, () => WhileAway(() =>
            _world.Server.UpdatePod(
                _pod, current => current.Status.Phase == "Running" ? WithCondition(current, "Ready", "False", "NodeNotReady") : current with { })));
        _world.Simulator.After(TimeSpan.FromSeconds(70), null, null, () => WhileAway(() =>
        {
            _world.Server.UpdatePod(_pod, current => WithCondition(current, "DisruptionTarget", "True", "DeletionByTaintManager"));
            _world.Server.DeletePod(ObjectKey.Of(_pod), Uid);
        }));
        if (dies)
        {
            // The node object is removed in the end, and its pods with it.
            _world.Simulator.After(away + TimeSpan.FromMinutes(2), null, $"{Name}: removed with its node", () => _world.Server.RemovePod(_pod));
        }
    }

    private void WhileAway(Action action)
    {
        if (_nodeIsDead || _kubeletAwayUntil > _world.Simulator.Now)
        {
            action();
        }
    }

    private void Schedule()
    {
        var node = _world.Server.UpdatePod(
            _pod, current => current with { Spec = current.Spec with { NodeName = "node-" + current.Metadata.Uid[..8] } });
        if (node is not null)
        {
            _world.Simulator.After(_world.Faults.Time(0.2, _world.Faults.Strikes(0.1) ? 60 : 4), null, $"{Name}: starts", () => ByKubelet(Start));
        }
    }

    private void Start()
    {
        if (_world.Server.Pods.Get(ObjectKey.Of(_pod)) is not { } current
            || current.Metadata.Uid != Uid
            || current.Metadata.DeletionTimestamp is not null)
        {
            _world.Server.RemovePod(_pod);
            return;
        }

        _started = true;
        Process.Died = OnDeath;
        _world.PodStarted(this);
        _world.Server.UpdatePod(_pod, known => WithCondition(known, "Ready", "True", null) with
        {
            Status = WithCondition(known, "Ready", "True", null).Status with
            {
                Phase = "Running",
                StartTime = _world.Server.Timestamp,
                ContainerStatuses =
                [
                    Container(new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = _world.Server.Timestamp } }),
                ],
            },
        });
        var options = new RunnerOptions
        {
            GatewayUrl = new Uri("https://gateway.agents:8443/"),
            TokenFile = "/token",
            Workspace = "/workspace",
            Grace = Grace,
            CommandEnvironment = new Dictionary<string, string>(),
        };
        var transport = _world.Sabotage.Runner(new RunnerTransport(_world, this));
        var attempt = new Attempt(
            options, transport, _stop, GatewayRetry.DefaultPatience, Process.Time, NullLoggerFactory.Instance,
            _world.Simulator.Random.Fork().NextDouble, name => new ScriptedTool(_world, this, name));
        _world.Simulator.Watch(RunAsync(attempt), Name);
    }

    private async Task RunAsync(Attempt attempt)
    {
        var exit = await attempt.RunAsync();
        _world.Simulator.Note($"{Name}: exits with {exit.Code} {exit.Reason}: {exit.Message}");
        Process.Died = null;
        Process.Kill("exited");
        ByKubelet(
            () =>
                Report(
                    exit.Code, exit.Code == RunnerExitCodes.Done ? "Completed" : "Error",
                    System.Text.Encoding.UTF8.GetString(new TerminationReport(exit.Reason, exit.Message).ToBytes())));
    }

    private void Terminate()
    {
        if (!_started)
        {
            _world.Server.RemovePod(_pod);
            return;
        }

        if (Process.IsDead)
        {
            Leave();
            return;
        }

        _world.Simulator.After(TimeSpan.Zero, Process, $"{Name}: SIGTERM", () => _stop.Request("SIGTERM"));
        var current = _world.Server.Pods.Get(ObjectKey.Of(_pod))?.Metadata;
        var grace = current?.Uid == Uid && current.DeletionGracePeriodSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Grace;
        _world.Simulator.After(grace, null, null, () => Kill("outlived its grace period", 137, "Error"));
    }

    private void Stop(string why)
    {
        Process.Died = null;
        OnDeath(why);
        Process.Kill(why);
    }

    /// <summary>A death that no kubelet caused: a fault at a call.</summary>
    private void OnDeath(string why)
    {
        _world.Killed($"{Name}: {why}");
        foreach (var abort in _connections.Where(_ => _world.Faults.Chance(0.5)).ToList())
        {
            _world.Simulator.After(_world.Faults.Time(0, 5), null, null, abort);
        }

        _connections.Clear();
        if (Process.Died is not null)
        {
            _world.CountCostly(Program.Run);
            ByKubelet(() => Report(139, "Error", ""));
        }
    }

    private void Report(int exitCode, string reason, string message)
    {
        _world.Server.UpdatePod(_pod, current => current with
        {
            Status = current.Status with
            {
                Phase = exitCode == 0 ? "Succeeded" : "Failed",
                ContainerStatuses =
                [
                    Container(new V1ContainerState
                    {
                        Terminated = new V1ContainerStateTerminated
                        {
                            ExitCode = exitCode,
                            Reason = reason,
                            Message = message,
                            FinishedAt = _world.Server.Timestamp,
                        },
                    }),
                ],
            },
        });
        Leave();
    }

    /// <summary>A pod that is to go goes when its agent has ended.</summary>
    private void Leave()
    {
        if (_world.Server.Pods.Get(ObjectKey.Of(_pod)) is { Metadata.DeletionTimestamp: not null } current && current.Metadata.Uid == Uid)
        {
            _world.Simulator.After(_world.Faults.Time(0.05, 1), null, $"{Name}: removed", () => _world.Server.RemovePod(_pod));
        }
    }

    /// <summary>What the kubelet does, a little later; when it cannot reach the API server, once it can again.</summary>
    private void ByKubelet(Action action)
    {
        if (_nodeIsDead)
        {
            return;
        }

        var delay = _world.Faults.Time(0.01, 0.5);
        var away = _kubeletAwayUntil - _world.Simulator.Now;
        _world.Simulator.After(away > delay ? away : delay, null, null, () =>
        {
            if (_kubeletAwayUntil > _world.Simulator.Now)
            {
                ByKubelet(action);
            }
            else if (!_nodeIsDead)
            {
                action();
            }
        });
    }

    private static V1ContainerStatus Container(V1ContainerState state) =>
        new() { Name = PodContainers.Agent, State = state, Image = "", ImageID = "" };

    private V1Pod WithCondition(V1Pod current, string type, string status, string? reason) => current with
    {
        Status = current.Status with
        {
            Conditions =
            [
                .. (current.Status.Conditions ?? []).Where(condition => condition.Type != type),
                new V1PodCondition { Type = type, Status = status, Reason = reason, LastTransitionTime = _world.Server.Timestamp },
            ],
        },
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({MemoryMebibytes} MiB)");
}
