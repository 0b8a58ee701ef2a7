namespace AgentOperator.ControlRuntime;

/// <summary>One controller as it was added to the services.</summary>
internal sealed record ControllerRegistration(string Name, int Workers, ControllerBuilder Builder, Func<IServiceProvider, IReconciler> Reconciler);
