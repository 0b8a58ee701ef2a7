using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentOperator.Tests.Runs;

internal sealed class PodBuilderTests
{
    [Test]
    public void Build_AnyRun_PassesPodSecurityRestricted()
    {
        var pod = Build(new AgentRunBuilder());

        var container = pod.Spec.Containers.Single();
        Assert.Multiple(() =>
        {
            // The controls of the level "restricted", and of "baseline" which it includes.
            Assert.That(pod.Spec.SecurityContext.RunAsNonRoot, Is.True);
            Assert.That(pod.Spec.SecurityContext.RunAsUser, Is.GreaterThan(0));
            Assert.That(pod.Spec.SecurityContext.SeccompProfile.Type, Is.EqualTo("RuntimeDefault"));
            Assert.That(container.SecurityContext.AllowPrivilegeEscalation, Is.False);
            Assert.That(container.SecurityContext.Capabilities.Drop, Is.EqualTo(new[] { "ALL" }));
            Assert.That(container.SecurityContext.Capabilities.Add, Is.Null);
            Assert.That(container.SecurityContext.Privileged, Is.Not.True);
            Assert.That(container.SecurityContext.ProcMount, Is.Null);
            Assert.That(container.Ports, Is.Null);
            Assert.That(pod.Spec.HostNetwork, Is.Not.True);
            Assert.That(pod.Spec.HostPID, Is.Not.True);
            Assert.That(pod.Spec.HostIPC, Is.Not.True);
            Assert.That(
                pod.Spec.Volumes,
                Is.All.Matches<V1Volume>(volume => volume!.HostPath is null && (volume.EmptyDir is not null || volume.Projected is not null)));
            Assert.That(pod.Spec.InitContainers, Is.Null);

            // And what this project adds.
            Assert.That(container.SecurityContext.ReadOnlyRootFilesystem, Is.True);
            Assert.That(pod.Spec.AutomountServiceAccountToken, Is.False);
            Assert.That(pod.Spec.ServiceAccountName, Is.EqualTo(AgentAccount.Name));
            Assert.That(pod.Spec.EnableServiceLinks, Is.False);
            Assert.That(container.Resources.Limits, Contains.Key("ephemeral-storage"));
        });
    }

    [Test]
    public void Build_Attempt_IsOwnedNamedAndToldWhoItIs()
    {
        var pod = Build(new AgentRunBuilder(), attempt: 7);
        var owner = pod.Metadata.OwnerReferences.Single();
        var variables = pod.Spec.Containers[0].Env.ToDictionary(variable => variable.Name, variable => variable.Value);
        var token = pod.Spec.Volumes.Single(volume => volume.Projected is not null).Projected.Sources.Single().ServiceAccountToken;

        Assert.Multiple(() =>
        {
            Assert.That(pod.Metadata.Name, Is.EqualTo("survivor-7"));
            Assert.That(pod.Spec.RestartPolicy, Is.EqualTo("Never"));
            Assert.That((owner.Uid, owner.Controller, owner.BlockOwnerDeletion), Is.EqualTo((AgentRunBuilder.Uid, (bool?)true, (bool?)true)));
            Assert.That(pod.Metadata.Labels[Labels.Attempt], Is.EqualTo("7"));
            Assert.That(pod.Metadata.Labels[Labels.RunUid], Is.EqualTo(AgentRunBuilder.Uid));
            Assert.That(variables["AGENT_ATTEMPT"], Is.EqualTo("7"));
            Assert.That(variables["AGENT_GATEWAY_CA"], Does.StartWith("-----BEGIN CERTIFICATE-----"));
            Assert.That(variables["AGENT_TOKEN_FILE"], Is.EqualTo("/var/run/secrets/agentoperator/token"));
            Assert.That(variables["AGENT_GRACE_SECONDS"], Is.EqualTo("30"));
            Assert.That(variables["AGENT_LOG_FORMAT"], Is.EqualTo("text"));
            Assert.That((token.Audience, token.ExpirationSeconds), Is.EqualTo(("agentoperator", (long?)3600)));
        });
    }

    [TestCase("64Mi", "64Mi", null, "64Mi")]
    [TestCase("512Mi", "512Mi", null, "64Mi")]
    [TestCase("512Mi", "1Gi", null, "128Mi")]
    [TestCase("512Mi", "1Gi", "512Mi", "1Gi")]
    [TestCase("32Mi", "32Mi", null, "32Mi")]
    public void Build_Memory_RequestRisesWithTheLimit(string specLimit, string limit, string? specRequest, string request)
    {
        var builder = new AgentRunBuilder().Spec(spec => spec with
        {
            Resources = new ResourcesSpec
            {
                Requests = new ResourceRequests { Memory = specRequest },
                Limits = new ResourceLimits { Memory = specLimit },
            },
        });

        var resources = Build(builder, memory: limit).Spec.Containers[0].Resources;

        Assert.That(resources.Limits["memory"].ToDecimal(), Is.EqualTo(new ResourceQuantity(limit).ToDecimal()));
        Assert.That(resources.Requests["memory"].ToDecimal(), Is.EqualTo(new ResourceQuantity(request).ToDecimal()));
    }

    [Test]
    public void Build_Sandbox_IsPassedOn()
    {
        var pod = Build(new AgentRunBuilder().Spec(spec => spec with
        {
            Sandbox = new SandboxSpec
            {
                RuntimeClassName = "gvisor",
                NodeSelector = new Dictionary<string, string> { ["pool"] = "agents" },
                Tolerations = [new TolerationSpec { Key = "node.kubernetes.io/unreachable", Operator = "Exists", TolerationSeconds = 5 }],
            },
            Runner = new RunnerSpec { Image = "example.org/runner:2", ImagePullSecrets = [new LocalReference { Name = "pull" }] },
        }));

        Assert.Multiple(() =>
        {
            Assert.That(pod.Spec.RuntimeClassName, Is.EqualTo("gvisor"));
            Assert.That(pod.Spec.NodeSelector["pool"], Is.EqualTo("agents"));
            Assert.That(
                pod.Spec.Tolerations.Count(toleration => toleration.Key == "node.kubernetes.io/unreachable"), Is.EqualTo(1), "the user's own wins");
            Assert.That(pod.Spec.Containers[0].Image, Is.EqualTo("example.org/runner:2"));
            Assert.That(pod.Spec.ImagePullSecrets.Single().Name, Is.EqualTo("pull"));
        });
    }

    [TestCase(null, null, "amd64", Description = "what the operator's own image is built for")]
    [TestCase("example.org/runner:2", null, null, Description = "what that image is built for is not known")]
    [TestCase(null, "arm64", "arm64")]
    public void Build_NodeSelector_MatchesTheImage(string? image, string? wanted, string? arch)
    {
        var selector = Build(new AgentRunBuilder().Spec(spec => spec with
        {
            Runner = new RunnerSpec { Image = image },
            Sandbox = new SandboxSpec
            {
                NodeSelector = wanted is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["kubernetes.io/arch"] = wanted },
            },
        })).Spec.NodeSelector;

        Assert.That(selector["kubernetes.io/os"], Is.EqualTo("linux"));
        Assert.That(selector.TryGetValue("kubernetes.io/arch", out var value) ? value : null, Is.EqualTo(arch));
    }

    [TestCase(null, 65532L)]
    [TestCase("1000", 1000L)]
    [TestCase("", null, Description = "left to the platform")]
    public void Build_RunnerUser_IsThatOfTheConfiguration(string? configured, long? user)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AgentOperator:RunnerImage"] = "runner:1", ["AgentOperator:RunnerArch"] = "", ["AgentOperator:RunnerUser"] = configured,
        };
        if (configured is null)
        {
            settings.Remove("AgentOperator:RunnerUser");
        }

        var options = new PodOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("AgentOperator").Bind(options);
        var pod = new PodBuilder(Options.Create(options), new FixedAuthority("")).Build(new AgentRunBuilder().Build(), 1, "512Mi");

        Assert.Multiple(() =>
        {
            var security = pod.Spec.SecurityContext;
            Assert.That((security.RunAsUser, security.RunAsGroup, security.FsGroup), Is.EqualTo((user, user, user)));
            Assert.That(security.RunAsNonRoot, Is.True, "root is never left to anyone");
            Assert.That(pod.Spec.Containers[0].SecurityContext.RunAsNonRoot, Is.True);
            Assert.That(pod.Spec.NodeSelector, Does.Not.ContainKey("kubernetes.io/arch"));
        });
    }

    private static V1Pod Build(AgentRunBuilder run, int attempt = 1, string memory = "512Mi") =>
        RunWorld.PodBuilder().Build(run.Build(), attempt, memory);
}
