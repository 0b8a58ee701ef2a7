using AgentOperator.ControlRuntime;
using AgentOperator.Integration.ControlRuntime;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A process that takes part in a leader election and only reports whether it leads. The tests stop, freeze and kill it.
// Arguments: the kubeconfig, the lease's namespace, the identity.
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddSingleton<IKubernetes>(new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(args[0])));
builder.Services.AddControlRuntime(options =>
{
    options.LeaseNamespace = args[1];
    options.Identity = args[2];
    options.LeaseDuration = TimeSpan.FromSeconds(4);
    options.RenewDeadline = TimeSpan.FromSeconds(3);
    options.RetryPeriod = TimeSpan.FromMilliseconds(500);
});
builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
var host = builder.Build();
host.Services.GetRequiredService<ILeadership>().Changed += (_, leads) => Console.Out.WriteLine(leads ? CandidateProcess.LeadsLine : "follows");
await host.RunAsync();
return Environment.ExitCode;
