using AgentOperator.Gateway.Endpoints;
using AgentOperator.Gateway.Models;
using AgentOperator.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class GatewayServicesTests
{
    [Test]
    public void AddAgentOperator_EveryServiceHasWhatItNeeds()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddAgentOperator(builder.Configuration);
        var validated = new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true };
        Assert.That(() => builder.Services.BuildServiceProvider(validated).Dispose(), Throws.Nothing);
        Assert.That(
            builder.Services.Where(service => service.ServiceType == typeof(IGatewayEndpoint)).Select(service => service.ImplementationType),
            Is.EquivalentTo(
                typeof(IGatewayEndpoint).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IGatewayEndpoint)))));
    }

    [Test]
    public void AddAgentOperator_TransportIsRegistered_IsKept()
    {
        using var mine = ProviderTransport.Create();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(mine);
        builder.Services.AddAgentOperator(builder.Configuration);
        using var provider = builder.Services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<ProviderTransport>(), Is.SameAs(mine));
    }
}
