using AgentOperator.Chaos.Agents;
using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Judging;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Oracles;

/// <summary>The provider's own log of calls (I2).</summary>
internal sealed class ModelLog(World world, JournalOracle journal, Findings findings)
{
    private readonly Dictionary<string, int> _samples = [];
    private readonly Dictionary<string, SimulatedProcess> _underWay = [];
    private readonly Dictionary<string, byte[]> _requests = [];

    public int Calls { get; private set; }

    /// <summary>A replica sends a call. While nothing fails, one that another replica waits for is joined and not sent again.</summary>
    public void Sent(AgentProgram program, string key, SimulatedProcess replica)
    {
        if (world.Faults.AreLongOver && _underWay.TryGetValue(key, out var other) && other != replica && !other.IsDead
            && !(other.FrozenUntil > world.Simulator.Now))
        {
            findings.Add(FindingKind.Repeated, program.Run, $"{replica.Name} asks the model for what {other.Name} waits for");
        }

        _underWay[key] = replica;
    }

    /// <summary>A replica got its answer, or waits for it no more.</summary>
    public void Returned(string key) => _underWay.Remove(key);

    /// <summary>A call arrived.</summary>
    /// <param name="program">Whose.</param>
    /// <param name="step">The step, from 0.</param>
    /// <param name="key">The step's key.</param>
    /// <param name="body">The request. A step's is always the same, whichever attempt sends it.</param>
    /// <param name="look">The journal's head that the sender saw since its last call; null when it did not look.</param>
    /// <returns>Its number among the run's calls.</returns>
    public int Called(AgentProgram program, int step, string key, byte[] body, long? look)
    {
        Calls++;
        if (world.UidOf(program.Run) is { } uid && journal.Of(uid) is { } truth
            && truth.Records.FirstOrDefault(record => record.Kind == RecordKinds.ModelAnswer && record.StepKey == key) is { } answer
            && !(look < answer.Sequence))
        {
            findings.Add(FindingKind.Repeated, program.Run, $"the model is asked for step {step} although its answer is committed");
        }

        if (!_requests.TryAdd(key, body) && !_requests[key].AsSpan().SequenceEqual(body))
        {
            findings.Add(FindingKind.Repeated, program.Run, $"the model is asked for step {step} with another request than before");
        }

        return _samples[program.Run] = _samples.GetValueOrDefault(program.Run) + 1;
    }
}
