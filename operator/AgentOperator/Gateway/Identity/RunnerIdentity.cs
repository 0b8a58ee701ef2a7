using AgentOperator.Journal;

namespace AgentOperator.Gateway.Identity;

/// <summary>Who a request is from: a pod of a run, by the API server's word. Whether it still owns the run is the journal's to say.</summary>
internal sealed record RunnerIdentity(RunIdentity Run, Writer Writer, string Pod);
