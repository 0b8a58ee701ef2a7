{{- define "agent-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- /* At most 40 characters, so that derived names stay within 63. */}}
{{- define "agent-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "agent-operator.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "agent-operator.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "agent-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "agent-operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "agent-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "agent-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "agent-operator.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "agent-operator.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "agent-operator.gatewayName" -}}
{{- include "agent-operator.fullname" . }}-gateway
{{- end }}

{{- define "agent-operator.gatewayTlsSecret" -}}
{{- default (printf "%s-gateway-ca" (include "agent-operator.fullname" .)) .Values.gateway.tlsSecret }}
{{- end }}

{{- define "agent-operator.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}

{{- define "agent-operator.runnerImage" -}}
{{- printf "%s:%s" .Values.runner.image.repository (default .Chart.AppVersion .Values.runner.image.tag) }}
{{- end }}

{{- /* Names of cluster-scoped objects. Releases in different namespaces must not share one. */}}
{{- define "agent-operator.clusterName" -}}
{{- if eq .Release.Namespace (include "agent-operator.fullname" .) }}
{{- include "agent-operator.fullname" . }}
{{- else }}
{{- printf "%s-%s" .Release.Namespace (include "agent-operator.fullname" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- /*
Who manages a definition when this release does not: empty when it does, or when there is none yet.
A release that is only rendered ("helm template") sees no cluster and takes them all for its own.
*/}}
{{- define "agent-operator.crdManager" -}}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" .name }}
{{- $annotations := .metadata.annotations | default dict }}
{{- $release := get $annotations "meta.helm.sh/release-name" }}
{{- $namespace := get $annotations "meta.helm.sh/release-namespace" }}
{{- if or (not $release) (ne (get (.metadata.labels | default dict) "app.kubernetes.io/managed-by") "Helm") }}
{{- print "no Helm release" }}
{{- else if or (ne $release $.root.Release.Name) (ne $namespace $.root.Release.Namespace) }}
{{- printf "release %s in namespace %s" $release $namespace }}
{{- end }}
{{- end }}
{{- end }}

{{- /* The CRDs that this release does not manage, as a YAML map from name to owner. */}}
{{- define "agent-operator.foreignCrds" -}}
{{- $foreign := dict }}
{{- if .Values.crds.install }}
{{- range $path, $_ := .Files.Glob "files/crds/*.yaml" }}
{{- $name := ($.Files.Get $path | fromYaml).metadata.name }}
{{- with include "agent-operator.crdManager" (dict "name" $name "root" $) }}
{{- $_ := set $foreign $name . }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $foreign }}
{{- end }}

{{- /* Checks that a schema cannot express. */}}
{{- define "agent-operator.checkValues" -}}
{{- if eq (int .Values.gateway.port) (int .Values.metrics.port) }}
{{- fail (printf "gateway.port and metrics.port are both %d: use two different ports" (int .Values.gateway.port)) }}
{{- end }}
{{- $budget := .Values.podDisruptionBudget }}
{{- if and $budget.enabled (not (kindIs "invalid" $budget.minAvailable)) }}
{{- $replicas := int .Values.replicaCount }}
{{- $kept := $budget.minAvailable | toString }}
{{- $needed := int $kept }}
{{- if hasSuffix "%" $kept }}
{{- $needed = divf (mulf $replicas (trimSuffix "%" $kept | int)) 100 | ceil | int }}
{{- end }}
{{- if ge $needed $replicas }}
{{- fail (printf "podDisruptionBudget.minAvailable is %s and replicaCount is %d: no replica could be evicted, so no node could be drained; use maxUnavailable" $kept $replicas) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Removes the CEL rules from a schema, in place. Old API servers reject them. */}}
{{- define "agent-operator.removeRules" -}}
{{- if kindIs "map" . }}
{{- $_ := unset . "x-kubernetes-validations" }}
{{- range . }}{{ include "agent-operator.removeRules" . }}{{ end }}
{{- else if kindIs "slice" . }}
{{- range . }}{{ include "agent-operator.removeRules" . }}{{ end }}
{{- end }}
{{- end }}
