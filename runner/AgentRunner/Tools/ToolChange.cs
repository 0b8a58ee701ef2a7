namespace AgentRunner.Tools;

/// <summary>What became of a tool since the run started. It cannot be called as the model knows it.</summary>
/// <param name="Message">A sentence for the model and for people.</param>
/// <param name="IsRemoved">Whether it is gone; otherwise it is there with another effect or input schema.</param>
internal sealed record ToolChange(string Message, bool IsRemoved);
