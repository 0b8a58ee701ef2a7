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
# By name only: API keys of ModelEndpoints, and tasks.
- apiGroups: [""]
  resources: [secrets, configmaps]
  verbs: [get]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}
