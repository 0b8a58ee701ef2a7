using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentOperator.ControlRuntime.Tests.Hosting;

internal sealed class ControlRuntimeExtensionsTests
{
    [Test]
    public void AddControlRuntime_ClientIsRegistered_IsKept()
    {
        using var client = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" });
        using var provider = new ServiceCollection().AddLogging().AddSingleton<IKubernetes>(client).AddControlRuntime().BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IKubernetes>(), Is.SameAs(client));
    }

    [Test]
    public void AddControlRuntime_Twice_RunsOneManager()
    {
        var services = new ServiceCollection().AddControlRuntime().AddControlRuntime(options => options.LeaseName = "second");

        Assert.Multiple(() =>
        {
            Assert.That(services.Count(service => service.ServiceType == typeof(ControllerManager)), Is.EqualTo(1));
            using var provider = services.BuildServiceProvider();
            Assert.That(provider.GetRequiredService<IOptions<ControlRuntimeOptions>>().Value.LeaseName, Is.EqualTo("second"));
        });
    }

    [TestCase("00:00:15", "00:00:15", "00:00:02", "RenewDeadline")]
    [TestCase("00:00:15", "00:00:10", "00:00:10", "RetryPeriod")]
    [TestCase("00:00:00", "00:00:10", "00:00:02", "LeaseDuration")]
    public void Options_TimesThatDoNotFit_AreRefused(string lease, string renew, string retry, string said)
    {
        using var provider = new ServiceCollection().AddControlRuntime(options =>
        {
            options.LeaseDuration = TimeSpan.Parse(lease, System.Globalization.CultureInfo.InvariantCulture);
            options.RenewDeadline = TimeSpan.Parse(renew, System.Globalization.CultureInfo.InvariantCulture);
            options.RetryPeriod = TimeSpan.Parse(retry, System.Globalization.CultureInfo.InvariantCulture);
        }).BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IOptions<ControlRuntimeOptions>>().Value,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(said));
    }

    [Test]
    public void AddInformer_SameKindTwice_Throws()
    {
        var services = new ServiceCollection().AddInformer<Widget>(Widget.Definition);

        Assert.That(() => services.AddInformer<Widget>(Widget.Definition), Throws.InvalidOperationException);
    }

    [Test]
    public void AddInformer_PageSizeOutOfRange_Throws() =>
        Assert.That(
            () => new ServiceCollection().AddInformer<Widget>(Widget.Definition, options => options.PageSize = 0),
            Throws.TypeOf<System.ComponentModel.DataAnnotations.ValidationException>());

    [Test]
    public void AddController_NoPrimaryKindOrTakenName_Throws()
    {
        var services = new ServiceCollection().AddController<FuncReconciler>("widgets", 1, controller => controller.For<Widget>());

        Assert.Multiple(() =>
        {
            Assert.That(() => services.AddController<FuncReconciler>("other", 1, controller => controller.Owns<Widget>()), Throws.ArgumentException);
            Assert.That(() => services.AddController<FuncReconciler>("widgets", 1, controller => controller.For<Widget>()), Throws.ArgumentException);
            Assert.That(
                () => services.AddController<FuncReconciler>("third", 0, controller => controller.For<Widget>()),
                Throws.InstanceOf<ArgumentException>());
            Assert.That(
                () => services.AddController<FuncReconciler>("fourth", 1, controller => controller.For<Widget>().For<Widget>()),
                Throws.InvalidOperationException);
        });
    }
}
