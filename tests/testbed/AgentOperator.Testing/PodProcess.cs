namespace AgentOperator.Testing;

/// <summary>A process of a pod as the machine sees it.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Name">Its program's name.</param>
/// <param name="Group">Its control group, which has the pod's UID in it.</param>
internal sealed record PodProcess(int Id, string Name, string Group);
