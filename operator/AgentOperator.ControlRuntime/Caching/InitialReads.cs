using k8s.Autorest;

namespace AgentOperator.ControlRuntime;

/// <summary>Decides between streams and lists. Every server has lists, so no failure of a stream may keep a reflector from one.</summary>
internal static class InitialReads
{
    /// <summary>
    /// What follows a stream that failed. Servers that know the parameter and have the feature off, and servers since 1.19 that do not know it,
    /// refuse the request. A server that ignores it sends no end. Any other failure says nothing about the feature.
    /// </summary>
    public static InitialRead AfterFailedStream(Exception failure) => failure switch
    {
        StreamIgnoredException => InitialRead.List,
        HttpOperationException refusal when refusal.IsRefusedForGood() => InitialRead.List,
        _ => InitialRead.ListOnce,
    };

    /// <summary>What follows a list.</summary>
    public static InitialRead AfterList(InitialRead current) => current is InitialRead.ListOnce ? InitialRead.Stream : current;
}
