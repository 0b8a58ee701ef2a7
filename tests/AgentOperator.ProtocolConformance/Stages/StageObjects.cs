using System.Text;
using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Tests.Fakes;
using k8s.Models;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>A run's objects on the API server.</summary>
/// <param name="connection">The API server.</param>
/// <param name="run">The run.</param>
internal sealed class StageObjects(FakeConnection connection, RunIdentity run)
{
    /// <summary>The ModelEndpoint's name.</summary>
    public const string Endpoint = "provider";

    private const string Secret = "provider-key";
    private const string Key = "key";

    private FakeObjects<AgentRun> Runs => new(connection);

    /// <summary>The run, which starts now.</summary>
    public void Put(AgentRunSpec spec, long? generation = 1) => Runs.Put(new AgentRun
    {
        Metadata = new V1ObjectMeta { Name = run.Name, NamespaceProperty = run.Namespace, Uid = run.Uid, Generation = generation },
        Spec = spec,
        Status = new AgentRunStatus { StartedAt = TimeProvider.System.GetUtcNow() },
    });

    /// <summary>Changes the run. Its deadline counts from now on.</summary>
    public void Change(Func<AgentRunSpec, AgentRunSpec> change)
    {
        var before = Runs[run.Name];
        Put(change(before.Spec), before.Metadata.Generation + 1);
    }

    /// <summary>The model server, and its key.</summary>
    public void PutEndpoint(Uri url, string apiKey)
    {
        new FakeObjects<ModelEndpoint>(connection).Put(new ModelEndpoint
        {
            Metadata = new V1ObjectMeta { Name = Endpoint, NamespaceProperty = run.Namespace },
            Spec = new ModelEndpointSpec
            {
                BaseUrl = url.ToString(), ApiKeySecretRef = new SecretKeyReference { Name = Secret, Key = Key }, AllowPlainHttp = true,
            },
        });
        new FakeObjects<V1Secret>(connection).Put(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = Secret },
            Type = ApiConstants.ModelKeySecretType,
            Data = new Dictionary<string, byte[]> { [Key] = Encoding.UTF8.GetBytes(apiKey) },
        });
    }

    /// <summary>An attempt's pod.</summary>
    public void PutPod(string name, string uid) => new FakeObjects<V1Pod>(connection).Put(
        new V1Pod { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = run.Namespace, Uid = uid } });
}
