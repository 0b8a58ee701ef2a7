using AgentOperator.ControlRuntime;

namespace AgentOperator.Tests.Fakes;

/// <summary>A replica of which a test says whether it leads.</summary>
internal sealed class FixedLeadership : ILeadership
{
    public event EventHandler<bool>? Changed
    {
        add { }
        remove { }
    }

    public bool IsLeader { get; set; } = true;

    public string Identity => "agent-operator-1";

    public string Leader => IsLeader ? Identity : "agent-operator-2";
}
