using Microsoft.AspNetCore.Http;

namespace AgentOperator.ControlRuntime.Tests.FakeApi;

/// <summary>Takes the place of the answer to requests that match, a number of times.</summary>
internal sealed class FakeFault(Func<FakeRequest, bool> matches, Func<HttpContext, Task> answer, int times)
{
    private int _left = times;

    public bool TryTake(FakeRequest request, out Func<HttpContext, Task> take)
    {
        take = answer;
        return matches(request) && Interlocked.Decrement(ref _left) >= 0;
    }
}
