using System.Reflection;
using AgentOperator.Api;
using AgentOperator.Api.Schema;
using k8s.Models;

namespace AgentOperator.CrdGenerator;

/// <summary>Builds the CustomResourceDefinition of a type.</summary>
public sealed class CrdBuilder
{
    private readonly SchemaBuilder _schemas = new(XmlDocumentation.Of(typeof(AgentRun).Assembly));

    /// <summary>Builds the definition of a type with <see cref="KubernetesEntityAttribute"/> and <see cref="ResourceAttribute"/>.</summary>
    /// <exception cref="InvalidOperationException">The type lacks an attribute, a bound or a description.</exception>
    public CrdDocument Build(Type type)
    {
        var entity = Attribute<KubernetesEntityAttribute>(type);
        var resource = Attribute<ResourceAttribute>(type);
        var schema = _schemas.BuildRoot(type);
        var version = new Dictionary<string, object>
        {
            ["name"] = entity.ApiVersion,
            ["served"] = true,
            ["storage"] = true,
        };
        if (((Dictionary<string, object>)schema["properties"]).ContainsKey("status"))
        {
            version["subresources"] = new Dictionary<string, object> { ["status"] = new Dictionary<string, object>() };
        }

        version["additionalPrinterColumns"] = Columns(type);
        version["schema"] = new Dictionary<string, object> { ["openAPIV3Schema"] = schema };
        var crd = new Dictionary<string, object>
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new Dictionary<string, object> { ["name"] = $"{entity.PluralName}.{entity.Group}" },
            ["spec"] = new Dictionary<string, object>
            {
                ["group"] = entity.Group,
                ["scope"] = "Namespaced",
                ["names"] = Names(entity, resource),
                ["versions"] = new List<object> { version },
            },
        };
        return new CrdDocument($"{entity.Group}_{entity.PluralName}.yaml", CrdYaml.Write(crd));
    }

    private static Dictionary<string, object> Names(KubernetesEntityAttribute entity, ResourceAttribute resource)
    {
        var names = new Dictionary<string, object>
        {
            ["kind"] = entity.Kind,
            ["listKind"] = entity.Kind + "List",
            ["plural"] = entity.PluralName,
            ["singular"] = entity.Kind.ToLowerInvariant(),
            ["shortNames"] = new List<object> { resource.ShortName },
        };
        if (resource.Category is not null)
        {
            names["categories"] = new List<object> { resource.Category };
        }

        return names;
    }

    private static List<object> Columns(Type type)
    {
        var columns = new List<object>();
        foreach (var column in type.GetCustomAttributes<PrinterColumnAttribute>())
        {
            var entry = new Dictionary<string, object>
            {
                ["name"] = column.Name,
                ["type"] = column.Type,
                ["jsonPath"] = column.JsonPath,
            };
            if (column.Wide)
            {
                entry["priority"] = 1;
            }

            columns.Add(entry);
        }

        return columns;
    }

    private static T Attribute<T>(Type type)
        where T : Attribute =>
        type.GetCustomAttribute<T>() ?? throw new InvalidOperationException($"{type.Name} has no [{typeof(T).Name}].");
}
