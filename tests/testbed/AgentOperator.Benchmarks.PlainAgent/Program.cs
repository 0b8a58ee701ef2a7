using AgentOperator.Benchmarks.PlainAgent;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;

const int ExitUsage = 64;

if (args is not [var endpoint, var model, var task])
{
    await Console.Error.WriteLineAsync("usage: AgentOperator.Benchmarks.PlainAgent ENDPOINT MODEL TASK");
    return ExitUsage;
}

var builder = Kernel.CreateBuilder().AddOpenAIChatCompletion(model, new Uri(endpoint), "none");
builder.Plugins.AddFromType<Shell>(Shell.PluginName);
var kernel = builder.Build();
var history = new ChatHistory();
history.AddUserMessage(task);
var settings = new OpenAIPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
var answer = await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(history, settings, kernel);
await Console.Out.WriteLineAsync(answer.Content);
return 0;
