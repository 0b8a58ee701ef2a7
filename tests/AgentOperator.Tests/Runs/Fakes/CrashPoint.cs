namespace AgentOperator.Tests.Runs;

/// <summary>Where the operator dies: at its n-th write, before it reaches the server or before the answer reaches the operator.</summary>
internal sealed class CrashPoint(int? write, bool after)
{
    /// <summary>Writes that were tried.</summary>
    public int Writes { get; private set; }

    /// <summary>Writes that the server carried out.</summary>
    public int Done { get; private set; }

    public FakeAnswer Pass(FakeRequest request, Func<FakeAnswer> answer)
    {
        if (!request.IsWrite)
        {
            return answer();
        }

        Writes++;
        if (Writes == write && !after)
        {
            throw new CrashException();
        }

        var result = answer();
        Done += result.IsSuccess ? 1 : 0;
        return Writes == write && after ? throw new CrashException() : result;
    }
}
