using AgentOperator.Benchmarks;

return await new BenchmarkProgram(Console.Out, Console.Error).RunAsync(args);
