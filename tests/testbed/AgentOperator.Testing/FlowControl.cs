namespace AgentOperator.Testing;

/// <summary>API priority and fairness turned against one user: all but one of its concurrent requests are rejected with 429.</summary>
internal static class FlowControl
{
    /// <summary>The API group.</summary>
    public const string Group = "flowcontrol.apiserver.k8s.io";

    /// <summary>The priority level that is short of everything, as metrics name it.</summary>
    public const string StarvedLevel = "agentoperator-tests-starved";

    /// <summary>The label of all that <see cref="Starvation"/> makes.</summary>
    public const string Selector = "agentoperator-test=starved";

    /// <summary>One request at a time of the operator's service account, the rest is rejected; its leases and watches are left alone.</summary>
    /// <param name="version">The served version of the group: v1, or v1beta1 to v1beta3.</param>
    /// <param name="operatorNamespace">The namespace of the service account <c>agent-operator</c>.</param>
    public static string Starvation(string version, string operatorNamespace)
    {
        // Before v1beta3 a level's share had another name, and no level could borrow from others.
        var early = version is "v1beta1" or "v1beta2";
        var share = early ? "assuredConcurrencyShares" : "nominalConcurrencyShares";
        var borrowing = early ? "" : "borrowingLimitPercent: 0, ";
        return $$"""
            apiVersion: {{Group}}/{{version}}
            kind: PriorityLevelConfiguration
            metadata: {name: {{StarvedLevel}}, labels: {agentoperator-test: starved} }
            spec: {type: Limited, limited: { {{share}}: 1, {{borrowing}}limitResponse: {type: Reject} } }
            ---
            apiVersion: {{Group}}/{{version}}
            kind: PriorityLevelConfiguration
            metadata: {name: agentoperator-tests-ample, labels: {agentoperator-test: starved} }
            spec: {type: Limited, limited: { {{share}}: 100000, limitResponse: {type: Reject} } }
            ---
            apiVersion: {{Group}}/{{version}}
            kind: FlowSchema
            metadata: {name: agentoperator-tests-starved, labels: {agentoperator-test: starved} }
            spec:
              matchingPrecedence: 2
              priorityLevelConfiguration: {name: {{StarvedLevel}} }
              distinguisherMethod: {type: ByUser}
              rules:
              - subjects:
                - {kind: ServiceAccount, serviceAccount: {name: agent-operator, namespace: {{operatorNamespace}} } }
                resourceRules:
                - verbs: [get, list, create, update, patch, delete]
                  apiGroups: ["agentoperator.dev", "", authentication.k8s.io, events.k8s.io]
                  resources: ["*"]
                  namespaces: ["*"]
                  clusterScope: true
            """;
    }
}
