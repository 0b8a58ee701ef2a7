namespace AgentOperator.ControlRuntime;

/// <summary>Ends the process when going on would be wrong.</summary>
internal interface IProcessExit
{
    /// <summary>Asks the host to stop, with an exit code that is not zero.</summary>
    void Fail();
}
