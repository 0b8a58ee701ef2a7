namespace AgentRunner.Models;

/// <summary>What one model call sends and receives in headers.</summary>
/// <param name="stepKey">Its identity.</param>
/// <param name="expectedSequence">The journal's head as the runner knows it.</param>
/// <param name="isRepeated">Whether the step was requested before, without an answer.</param>
internal sealed class ModelCall(string stepKey, long expectedSequence, bool isRepeated = false)
{
    public string StepKey { get; } = stepKey;

    public long ExpectedSequence { get; } = expectedSequence;

    public bool IsRepeated { get; } = isRepeated;

    /// <summary>The sequence of the committed answer; null while there is none.</summary>
    public long? Sequence { get; set; }

    /// <summary>The body of the reply; null while there is none.</summary>
    public BinaryData? Reply { get; set; }

    /// <summary>Whether the answer was found in the journal.</summary>
    public bool Replayed { get; set; }
}
