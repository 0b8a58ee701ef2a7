using System.Globalization;
using System.Text;

namespace AgentOperator.Chaos.Engine;

/// <summary>What happened, in order: always its hash, and the lines themselves when they are asked for.</summary>
internal sealed class Trace(TextWriter? lines)
{
    private ulong _hash = 14695981039346656037;

    /// <summary>FNV-1a over every line: equal for equal simulations.</summary>
    public ulong Hash => _hash;

    public long Count { get; private set; }

    public void Add(TimeSpan at, string line)
    {
        Count++;
        Mix((ulong)at.Ticks);
        foreach (var character in line)
        {
            _hash = (_hash ^ character) * 1099511628211;
        }

        if (lines is not null)
        {
            lines.WriteLine(new StringBuilder()
                .Append(CultureInfo.InvariantCulture, $"{at.TotalSeconds,10:0.000}  ").Append(line));
        }
    }

    private void Mix(ulong value)
    {
        for (var i = 0; i < 8; i++)
        {
            _hash = (_hash ^ (value & 0xFF)) * 1099511628211;
            value >>= 8;
        }
    }
}
