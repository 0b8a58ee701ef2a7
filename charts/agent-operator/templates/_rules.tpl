{{- /* What the operator does in the namespaces that it watches, and nothing else. */}}
{{- define "agent-operator.watchedRules" -}}
# A run's spec is never written; a run is deleted only when its time to live has passed.
- apiGroups: [agentoperator.dev]
  resources: [agentruns]
  verbs: [get, list, watch, delete]
- apiGroups: [agentoperator.dev]
  resources: [agentruns/status]
  verbs: [patch]
# Owner references that block deletion need this where OwnerReferencesPermissionEnforcement is on.
- apiGroups: [agentoperator.dev]
  resources: [agentruns/finalizers]
  verbs: [update]
# Segments are never deleted: they go with their run.
- apiGroups: [agentoperator.dev]
  resources: [journalsegments]
  verbs: [get, list, watch, create, update]
- apiGroups: [agentoperator.dev]
  resources: [modelendpoints]
  verbs: [get, list, watch]
# One bare pod per attempt; the heartbeat is an annotation of it.
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
