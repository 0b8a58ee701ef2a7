using AgentOperator.CrdGenerator;

return Cli.Run(args, Console.Out, Console.Error);
