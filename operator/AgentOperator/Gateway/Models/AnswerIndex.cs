using System.Collections.Immutable;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The committed model answers of a run by their step keys, complete up to a record of its journal.</summary>
/// <param name="Sequence">The record.</param>
/// <param name="Answers">The sequence of each key's first answer.</param>
internal sealed record AnswerIndex(long Sequence, ImmutableDictionary<string, long> Answers)
{
    private const int BytesPerAnswer = 256;

    /// <summary>The index of a journal without records.</summary>
    public static AnswerIndex Empty { get; } = new(0, ImmutableDictionary.Create<string, long>(StringComparer.Ordinal));

    /// <summary>Roughly the bytes that it takes in memory.</summary>
    public long Size => BytesPerAnswer * (1L + Answers.Count);

    /// <summary>The index after more records, at least one, which follow the last one.</summary>
    public AnswerIndex With(IReadOnlyList<JournalRecord> records) => records
        .Where(record => record is { Kind: RecordKinds.ModelAnswer, StepKey: not null })
        .Aggregate(this, (index, record) => index.With(record.StepKey!, record.Sequence)) with
    {
        Sequence = records[^1].Sequence,
    };

    /// <summary>The index after an answer. There are no other answers between it and the last record.</summary>
    public AnswerIndex With(string stepKey, long sequence) =>
        new(sequence, Answers.ContainsKey(stepKey) ? Answers : Answers.Add(stepKey, sequence));
}
