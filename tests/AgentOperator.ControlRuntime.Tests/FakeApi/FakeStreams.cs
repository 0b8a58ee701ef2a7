namespace AgentOperator.ControlRuntime.Tests.FakeApi;

/// <summary>What a server makes of <c>sendInitialEvents=true</c>.</summary>
internal enum FakeStreams
{
    /// <summary>Refuses the request, as servers do that have the feature off or do not know it.</summary>
    Refused,

    /// <summary>Sends the current objects and marks their end.</summary>
    Served,

    /// <summary>Sends the current objects, as a watch without a version always begins, and does not mark their end.</summary>
    Ignored,
}
