using System.Globalization;

namespace AgentOperator.Chaos.Agents;

/// <summary>The argument of a scripted call: which call of the program it is, and of which sampling of the model.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Index">The call in the step, from 0.</param>
/// <param name="Sample">The model call that asked for it. The same step sampled twice gives different commands, as real models do.</param>
internal sealed record CallCommand(int Step, int Index, int Sample)
{
    public static CallCommand Parse(string text)
    {
        var parts = text.Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToList();
        return new CallCommand(parts[0], parts[1], parts[2]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step}.{Index}.{Sample}");
}
