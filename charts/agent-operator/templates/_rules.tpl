{{- /* The operator's permissions in the namespaces that it watches. */}}
{{- define "agent-operator.watchedRules" -}}
# The operator never writes a run's spec, and deletes a run only when its TTL has passed.
- apiGroups: [agentoperator.dev]
  resources: [agentruns]
  verbs: [get, list, watch, delete]
- apiGroups: [agentoperator.dev]
  resources: [agentruns/status]
  verbs: [patch]
# With OwnerReferencesPermissionEnforcement, owner references that block deletion need this.
- apiGroups: [agentoperator.dev]
  resources: [agentruns/finalizers]
  verbs: [update]
# Segments are never deleted directly; they are garbage-collected with their run.
- apiGroups: [agentoperator.dev]
  resources: [journalsegments]
  verbs: [get, list, watch, create, update]
- apiGroups: [agentoperator.dev]
  resources: [modelendpoints]
  verbs: [get, list, watch]
- apiGroups: [agentoperator.dev]
  resources: [modelendpoints/status]
  verbs: [patch]
# One bare pod per attempt. The heartbeat is an annotation on it.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
# The service account of a namespace's agents, which nobody grants anything. RBAC cannot tie "create" to a name.
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [create]
# By name only: API keys of ModelEndpoints, and tasks.
- apiGroups: [""]
  resources: [secrets, configmaps]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{- /* Where a policy applies. Other namespaces may belong to another release. */}}
{{- define "agent-operator.policyScope" -}}
{{- with .Values.watchNamespace -}}
matchResources:
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ . }}
{{- end }}
{{- end }}
