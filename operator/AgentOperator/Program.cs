using AgentOperator.Hosting;

return await OperatorApplication.RunAsync(args);
