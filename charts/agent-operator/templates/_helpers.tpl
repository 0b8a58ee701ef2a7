{{- define "agent-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "agent-operator.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- include "agent-operator.dnsLabel" .Values.fullnameOverride }}
{{- else if contains (include "agent-operator.name" .) .Release.Name }}
{{- include "agent-operator.dnsLabel" .Release.Name }}
{{- else }}
{{- include "agent-operator.dnsLabel" (printf "%s-%s" .Release.Name (include "agent-operator.name" .)) }}
{{- end }}
{{- end }}

{{- /*
A name as Services need it: a letter first, and no dots. Releases' names may begin with a digit and hold dots. At most 40 characters, so that
derived names stay within 63. ADR 36.
*/}}
{{- define "agent-operator.dnsLabel" -}}
{{- $label := regexReplaceAll "^([0-9])" (. | replace "." "-") "r-${1}" }}
{{- regexReplaceAll "-+$" ($label | trunc 40) "" }}
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
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Labels of the pods. What is set for pods takes precedence over what is set for all objects. */}}
{{- define "agent-operator.podLabels" -}}
{{- mergeOverwrite (include "agent-operator.labels" . | fromYaml) (.Values.podLabels | default dict) | toYaml }}
{{- end }}

{{- define "agent-operator.podAnnotations" -}}
{{- $own := dict "kubectl.kubernetes.io/default-container" "operator" }}
{{- if .Values.metrics.scrapeAnnotations }}
{{- $_ := set $own "prometheus.io/scrape" "true" }}
{{- $_ := set $own "prometheus.io/path" "/metrics" }}
{{- $_ := set $own "prometheus.io/port" (.Values.metrics.port | toString) }}
{{- end }}
{{- mergeOverwrite $own (.Values.podAnnotations | default dict) | toYaml }}
{{- end }}

{{- /* A user ID that may be left to the platform: empty for null. Helm reads numbers as floating point. */}}
{{- define "agent-operator.user" -}}
{{- if not (kindIs "invalid" .) }}{{ int64 . }}{{ end }}
{{- end }}

{{- /* The operator's environment. */}}
{{- define "agent-operator.env" -}}
- name: AgentOperator__Namespace
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: AgentOperator__PodName
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: AgentOperator__RunnerImage
  value: {{ include "agent-operator.runnerImage" . | quote }}
- name: AgentOperator__RunnerImagePullPolicy
  value: {{ .Values.runner.image.pullPolicy | quote }}
- name: AgentOperator__RunnerLogFormat
  value: {{ .Values.runner.logFormat | quote }}
- name: AgentOperator__RunnerUser
  value: {{ include "agent-operator.user" .Values.runner.runAsUser | quote }}
- name: AgentOperator__RunnerArch
  value: {{ .Values.runner.arch | quote }}
- name: AgentOperator__LeaseName
  value: {{ include "agent-operator.fullname" . | quote }}
- name: AgentOperator__GatewayUrl
  value: {{ printf "https://%s.%s.svc:%v" (include "agent-operator.gatewayName" .) .Release.Namespace .Values.gateway.port | quote }}
- name: AgentOperator__GatewayPort
  value: {{ .Values.gateway.port | quote }}
- name: AgentOperator__GatewayTlsSecret
  value: {{ include "agent-operator.gatewayTlsSecret" . | quote }}
- name: AgentOperator__AllowLinkLocalAddresses
  value: {{ default false .Values.gateway.allowLinkLocalAddresses | quote }}
- name: AgentOperator__MetricsPort
  value: {{ .Values.metrics.port | quote }}
- name: AgentOperator__WatchNamespace
  value: {{ .Values.watchNamespace | quote }}
- name: AgentOperator__Workers
  value: {{ .Values.workers | quote }}
# Less than the grace period, so that the process ends by itself.
- name: AgentOperator__ShutdownSeconds
  value: {{ sub .Values.terminationGracePeriodSeconds 5 | quote }}
- name: LOG_LEVEL
  value: {{ .Values.logLevel | quote }}
{{- if or .Values.proxy.httpProxy .Values.proxy.httpsProxy }}
{{- with .Values.proxy.httpProxy }}
- name: HTTP_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.proxy.httpsProxy }}
- name: HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
# The API server and everything in the cluster are reached directly. The kubelet fills in the API server's address, which only matches in brackets
# if it is an IPv6 address.
- name: NO_PROXY
  value: {{ printf "$(KUBERNETES_SERVICE_HOST),[$(KUBERNETES_SERVICE_HOST)],localhost,127.0.0.1,.svc,.cluster.local,%s" .Values.proxy.noProxy | trimSuffix "," | quote }}
{{- end }}
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
{{- include "agent-operator.imageOf" (dict "image" .Values.image "version" .Chart.AppVersion) }}
{{- end }}

{{- define "agent-operator.runnerImage" -}}
{{- include "agent-operator.imageOf" (dict "image" .Values.runner.image "version" .Chart.AppVersion) }}
{{- end }}

{{- define "agent-operator.imageOf" -}}
{{- if .image.digest }}
{{- printf "%s@%s" .image.repository .image.digest }}
{{- else }}
{{- printf "%s:%s" .image.repository (default .version .image.tag) }}
{{- end }}
{{- end }}

{{- /*
Names of cluster-scoped objects. Releases in different namespaces must not share one, so a name that is too long ends with a hash of the whole.
*/}}
{{- define "agent-operator.clusterName" -}}
{{- $fullname := include "agent-operator.fullname" . }}
{{- $name := printf "%s-%s" .Release.Namespace $fullname }}
{{- if eq .Release.Namespace $fullname }}
{{- $fullname }}
{{- else if gt (len $name) 52 }}
{{- printf "%s-%s" (regexReplaceAll "-+$" ($name | trunc 43) "") (printf "%s/%s" .Release.Namespace $fullname | sha256sum | trunc 8) }}
{{- else }}
{{- $name }}
{{- end }}
{{- end }}

{{- /* What a release watches, for agent-operator.checkOthers of other releases: a namespace, or * for all. */}}
{{- define "agent-operator.watches" -}}
{{- .Values.watchNamespace | default "*" }}
{{- end }}

{{- /*
Refuses a release that would watch a namespace of another one. Each release says on its ClusterRole what it watches. A release that is only rendered
("helm template") sees no others. ADR 36.
*/}}
{{- define "agent-operator.checkOthers" -}}
{{- $watches := include "agent-operator.watches" . }}
{{- range (lookup "rbac.authorization.k8s.io/v1" "ClusterRole" "" "").items }}
{{- $role := .metadata.name }}
{{- $annotations := .metadata.annotations | default dict }}
{{- $release := get $annotations "meta.helm.sh/release-name" }}
{{- $namespace := get $annotations "meta.helm.sh/release-namespace" }}
{{- with get $annotations "agentoperator.dev/watches" }}
{{- if and (or (eq . "*") (eq $watches "*") (eq . $watches)) (or (ne $release $.Release.Name) (ne $namespace $.Release.Namespace)) }}
{{- $owner := ternary (printf "release %s in namespace %s" $release $namespace) "another installation" (not (empty $release)) }}
{{- $watched := ternary "all namespaces" (printf "namespace %s" .) (eq . "*") }}
{{- fail (printf "watchNamespace: %s (ClusterRole %s) already watches %s, and two operators would work against each other on the same AgentRuns. Uninstall it, or give each release a watchNamespace of its own." $owner $role $watched) }}
{{- end }}
{{- end }}
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
{{- if .Values.rbac.create }}
{{- include "agent-operator.checkOthers" . }}
{{- end }}
{{- if eq (int .Values.gateway.port) (int .Values.metrics.port) }}
{{- fail (printf "gateway.port and metrics.port are both %d: use two different ports" (int .Values.gateway.port)) }}
{{- end }}
{{- $own := dict }}
{{- range include "agent-operator.env" . | fromYamlArray }}
{{- $_ := set $own .name true }}
{{- end }}
{{- range $index, $variable := .Values.extraEnv }}
{{- if hasKey $own $variable.name }}
{{- fail (printf "extraEnv[%d].name: %s is set by the chart; use its other values" $index $variable.name) }}
{{- end }}
{{- end }}
{{- $budget := .Values.podDisruptionBudget }}
{{- if and $budget.enabled (kindIs "invalid" $budget.maxUnavailable) (kindIs "invalid" $budget.minAvailable) }}
{{- fail "podDisruptionBudget: set maxUnavailable or minAvailable, or set enabled to false" }}
{{- end }}
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
