namespace AgentOperator.CrdGenerator;

/// <summary>One CustomResourceDefinition.</summary>
/// <param name="FileName">The file's name, without a folder.</param>
/// <param name="Yaml">The file's content.</param>
public sealed record CrdDocument(string FileName, string Yaml);
