using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using k8s;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Pods of runs with a podTemplate.</summary>
internal sealed class PodTemplateTests
{
    private const string Full = """
        {"metadata":{"labels":{"team":"a"}},
         "spec":{
           "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
             {"matchExpressions":[{"key":"disk","operator":"In","values":["ssd"]}]}]}}},
           "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"ScheduleAnyway",
             "labelSelector":{"matchLabels":{"team":"a"}}}],
           "env":[{"name":"TZ","value":"Europe/Berlin"},{"name":"INDEX_URL","valueFrom":{"configMapKeyRef":{"name":"proxies","key":"index"}}}],
           "volumes":[
             {"name":"rules","configMap":{"name":"rules","items":[{"key":"a","path":"a.md"}],"defaultMode":292,"optional":true}},
             {"name":"data","persistentVolumeClaim":{"claimName":"data"}},{"name":"cache","emptyDir":{"medium":"Memory","sizeLimit":"64Mi"}}],
           "volumeMounts":[
             {"name":"rules","mountPath":"/workspace/rules","readOnly":true},{"name":"data","mountPath":"/data","subPath":"shared"},
             {"name":"cache","mountPath":"/cache"}]}}
        """;

    private static readonly PodBuilder Builder = RunWorld.PodBuilder();

    [Test]
    public void Build_AnyPodTemplate_OperatorsOwnFieldsAreThoseWithoutOne()
    {
        var plain = Build(null);
        var any = new AnyPodTemplate(new Random(1), reserved: true);
        for (var count = 0; count < 1000; count++)
        {
            var pod = Build(any.Next());
            Assert.That(KubernetesJson.Serialize(WithoutAdditions(pod, plain)), Is.EqualTo(KubernetesJson.Serialize(plain)));
            AssertNothingReservedIsAdded(pod, plain);
        }
    }

    [Test]
    public void Build_AnyPodTemplateWithoutReservedNames_IsValidAndWhollyInThePod()
    {
        var any = new AnyPodTemplate(new Random(2), reserved: false);
        for (var count = 0; count < 1000; count++)
        {
            var template = any.Next();
            var run = new AgentRunBuilder().Spec(spec => spec with { PodTemplate = template }).Build();
            Assert.That(AgentRunValidator.Validate(run), Is.Empty);
            var pod = Build(template);
            var agent = pod.Spec.Containers.Single();
            Assert.That(template.Metadata.Labels, Is.SubsetOf(pod.Metadata.Labels));
            Assert.That(template.Metadata.Annotations, Is.SubsetOf(pod.Metadata.Annotations));
            Assert.That(template.Spec.Env.Select(variable => variable.Name), Is.SubsetOf(agent.Env.Select(variable => variable.Name)));
            Assert.That(template.Spec.Volumes.Select(volume => volume.Name), Is.SubsetOf(pod.Spec.Volumes.Select(volume => volume.Name)));
            Assert.That(
                template.Spec.VolumeMounts.Select(mount => mount.MountPath), Is.SubsetOf(agent.VolumeMounts.Select(mount => mount.MountPath)));
            Assert.That(pod.Spec.TopologySpreadConstraints?.Count ?? 0, Is.EqualTo(template.Spec.TopologySpreadConstraints.Count));
            Assert.That(
                (pod.Spec.PriorityClassName, pod.Spec.SchedulerName, pod.Spec.Affinity is null),
                Is.EqualTo((template.Spec.PriorityClassName, template.Spec.SchedulerName, template.Spec.Affinity is null)));
        }
    }

    [Test]
    public void Build_PodTemplate_IsPassedOn()
    {
        var pod = Build(JsonSerializer.Deserialize<PodTemplate>(Full, ApiJson.Options));
        var agent = pod.Spec.Containers.Single();
        var volumes = pod.Spec.Volumes.ToDictionary(volume => volume.Name);
        var variables = agent.Env.ToDictionary(variable => variable.Name);

        Assert.Multiple(() =>
        {
            var term = pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms.Single();
            Assert.That(term.MatchExpressions.Single().Values, Is.EqualTo(new[] { "ssd" }));
            Assert.That(pod.Spec.TopologySpreadConstraints.Single().LabelSelector.MatchLabels["team"], Is.EqualTo("a"));
            Assert.That(variables["TZ"].Value, Is.EqualTo("Europe/Berlin"));
            Assert.That(variables["INDEX_URL"].ValueFrom.ConfigMapKeyRef.Key, Is.EqualTo("index"));
            Assert.That(variables[RunnerEnvironment.CommandVariables].Value, Is.EqualTo("TZ,INDEX_URL"));
            Assert.That((volumes["rules"].ConfigMap.DefaultMode, volumes["rules"].ConfigMap.Optional), Is.EqualTo(((int?)292, (bool?)true)));
            Assert.That(volumes["rules"].ConfigMap.Items.Single().Path, Is.EqualTo("a.md"));
            Assert.That(volumes["data"].PersistentVolumeClaim.ClaimName, Is.EqualTo("data"));
            Assert.That(volumes["cache"].EmptyDir.SizeLimit.ToString(), Is.EqualTo("64Mi"));
            Assert.That(
                agent.VolumeMounts.TakeLast(3).Select(mount => (mount.MountPath, mount.SubPath, mount.ReadOnlyProperty)),
                Is.EqualTo(new (string, string?, bool?)[] { ("/workspace/rules", null, true), ("/data", "shared", null), ("/cache", null, null) }));
        });
    }

    [Test]
    public async Task Reconcile_PodTemplateIsChanged_NextAttemptsPodHasIt()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        world.ChangeSpec(spec => spec with { PodTemplate = Priority("batch") });
        await world.SettleAsync();

        Assert.That(world.Pods.All.Single().Spec.PriorityClassName, Is.Null, "the attempt that runs goes on");
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));

        Assert.That(world.Pods["survivor-2"].Spec.PriorityClassName, Is.EqualTo("batch"));
    }

    [Test]
    public async Task Reconcile_PodTemplateIsChangedToAnInvalidOne_RunWaitsAndSaysWhichField()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        world.ChangeSpec(spec => spec with
        {
            PodTemplate = new PodTemplate { Spec = new PodTemplateSpec { Env = [new EnvironmentVariable { Name = "AGENT_RUN" }] } },
        });
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));

        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Waiting));
        Assert.That(world.Status.WaitingFor, Does.Contain("spec.podTemplate.spec.env[0].name: belongs to the operator"));
        world.ChangeSpec(spec => spec with { PodTemplate = null });
        await world.SettleAsync();

        Assert.That(world.Pods.Created, Has.Count.EqualTo(2));
    }

    /// <summary>The pod without what the template added, if the operator's own fields come first and are unchanged.</summary>
    private static V1Pod WithoutAdditions(V1Pod pod, V1Pod plain)
    {
        var agent = pod.Spec.Containers.Single();
        var own = plain.Spec.Containers.Single();
        return pod with
        {
            Metadata = pod.Metadata with
            {
                Labels = Own(pod.Metadata.Labels, plain.Metadata.Labels), Annotations = Own(pod.Metadata.Annotations, plain.Metadata.Annotations),
            },
            Spec = pod.Spec with
            {
                Affinity = null,
                TopologySpreadConstraints = null,
                PriorityClassName = null,
                SchedulerName = null,
                Volumes = [.. pod.Spec.Volumes.Take(plain.Spec.Volumes.Count)],
                Containers =
                [
                    agent with { Env = [.. agent.Env.Take(own.Env.Count)], VolumeMounts = [.. agent.VolumeMounts.Take(own.VolumeMounts.Count)] },
                ],
            },
        };
    }

    private static void AssertNothingReservedIsAdded(V1Pod pod, V1Pod plain)
    {
        var agent = pod.Spec.Containers.Single();
        var own = plain.Spec.Containers.Single();
        var paths = own.VolumeMounts.Select(mount => mount.MountPath).ToList();
        Assert.That(
            pod.Metadata.Labels.Keys.Except(plain.Metadata.Labels.Keys).Concat(pod.Metadata.Annotations.Keys.Except(plain.Metadata.Annotations.Keys)),
            Is.All.Not.StartsWith("agentoperator.dev/").And.All.Not.Contain("apparmor").And.All.Not.Contain("seccomp"));
        Assert.That(agent.Env.Select(variable => variable.Name), Is.Unique);
        Assert.That(
            agent.Env.Skip(own.Env.Count).Select(variable => variable.Name).Except([RunnerEnvironment.CommandVariables]),
            Is.All.Not.StartsWith("AGENT_").And.All.Not.EqualTo("IDEMPOTENCY_KEY"));
        Assert.That(pod.Spec.Volumes.Select(volume => volume.Name), Is.Unique);
        Assert.That(
            pod.Spec.Volumes.Skip(plain.Spec.Volumes.Count),
            Is.All.Matches<V1Volume>(volume => volume!.Secret is null && volume.HostPath is null && volume.Projected is null));
        foreach (var mount in agent.VolumeMounts.Skip(own.VolumeMounts.Count))
        {
            Assert.That(paths, Has.None.EqualTo(mount.MountPath).And.None.StartsWith(mount.MountPath + "/"));
            Assert.That(own.VolumeMounts.Select(known => known.Name), Has.None.EqualTo(mount.Name), "a second way to the token");
            Assert.That(pod.Spec.Volumes.Select(volume => volume.Name), Has.One.EqualTo(mount.Name));
        }
    }

    private static Dictionary<string, string> Own(IDictionary<string, string> all, IDictionary<string, string> plain) =>
        plain.Keys.Where(all.ContainsKey).ToDictionary(key => key, key => all[key]);

    private static PodTemplate Priority(string name) => new() { Spec = new PodTemplateSpec { PriorityClassName = name } };

    private static V1Pod Build(PodTemplate? template) =>
        Builder.Build(new AgentRunBuilder().Spec(spec => spec with { PodTemplate = template }).Build(), 1, "512Mi");
}
