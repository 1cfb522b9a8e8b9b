{{- define "rollcall.fullname" -}}
{{- if contains "rollcall" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-rollcall" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- /* By which pods are chosen: they must not change with the chart's version. */}}
{{- define "rollcall.selector" -}}
app.kubernetes.io/name: rollcall
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "rollcall.labels" -}}
{{ include "rollcall.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "rollcall.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* What every pod of ours may do: nothing but its work. */}}
{{- define "rollcall.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
# They end themselves 20 s after SIGTERM at the latest.
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  # The image's user node.
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "rollcall.selector" . | nindent 8 }}
{{- with .values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "rollcall.container" -}}
image: {{ include "rollcall.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
resources: {{ toYaml .values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- /* What api and worker are both told. */}}
{{- define "rollcall.settings" -}}
- name: ORCHESTRATOR__MONGODB__URI_FILE
  value: /run/secrets/mongodb/{{ .Values.mongodb.key }}
{{- if .Values.mongodb.caSecret }}
- name: ORCHESTRATOR__MONGODB__TLS__CAFILE
  value: /run/secrets/mongodb-ca/ca.crt
{{- end }}
- name: ORCHESTRATOR__TEMPORAL__ADDRESS
  value: {{ .Values.temporal.address | quote }}
{{- with .Values.temporal.namespace }}
- name: ORCHESTRATOR__TEMPORAL__NAMESPACE
  value: {{ . | quote }}
{{- end }}
{{- if .Values.temporal.tlsSecret }}
- name: ORCHESTRATOR__TEMPORAL__TLS__CAFILE
  value: /run/secrets/temporal-tls/ca.crt
- name: ORCHESTRATOR__TEMPORAL__TLS__CERTFILE
  value: /run/secrets/temporal-tls/tls.crt
- name: ORCHESTRATOR__TEMPORAL__TLS__KEYFILE
  value: /run/secrets/temporal-tls/tls.key
{{- end }}
{{- if .Values.temporal.apiKeySecret }}
- name: ORCHESTRATOR__TEMPORAL__APIKEYFILE
  value: /run/secrets/temporal-api-key/{{ .Values.temporal.apiKeyKey }}
{{- end }}
{{- if .Values.temporal.payloadKeysSecret }}
- name: ORCHESTRATOR__TEMPORAL__PAYLOADS__KEYFILE
  value: /run/secrets/temporal-payloads/{{ .Values.temporal.payloadKeysKey }}
{{- end }}
{{- range $key, $value := .Values.settings }}
- name: {{ $key | replace "." "__" | upper }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{- /* Secrets of both, as files: what is renewed there is taken up by a running process. */}}
{{- define "rollcall.mounts" -}}
- { name: tmp, mountPath: /tmp }
- { name: mongodb, mountPath: /run/secrets/mongodb, readOnly: true }
{{- if .Values.mongodb.caSecret }}
- { name: mongodb-ca, mountPath: /run/secrets/mongodb-ca, readOnly: true }
{{- end }}
{{- if .Values.temporal.tlsSecret }}
- { name: temporal-tls, mountPath: /run/secrets/temporal-tls, readOnly: true }
{{- end }}
{{- if .Values.temporal.apiKeySecret }}
- { name: temporal-api-key, mountPath: /run/secrets/temporal-api-key, readOnly: true }
{{- end }}
{{- if .Values.temporal.payloadKeysSecret }}
- { name: temporal-payloads, mountPath: /run/secrets/temporal-payloads, readOnly: true }
{{- end }}
{{- end }}

{{- define "rollcall.volumes" -}}
- { name: tmp, emptyDir: {} }
- { name: mongodb, secret: { secretName: {{ .Values.mongodb.existingSecret | quote }}, defaultMode: 288 } }
{{- if .Values.mongodb.caSecret }}
- { name: mongodb-ca, secret: { secretName: {{ .Values.mongodb.caSecret | quote }}, defaultMode: 288 } }
{{- end }}
{{- if .Values.temporal.tlsSecret }}
- { name: temporal-tls, secret: { secretName: {{ .Values.temporal.tlsSecret | quote }}, defaultMode: 288 } }
{{- end }}
{{- if .Values.temporal.apiKeySecret }}
- { name: temporal-api-key, secret: { secretName: {{ .Values.temporal.apiKeySecret | quote }}, defaultMode: 288 } }
{{- end }}
{{- if .Values.temporal.payloadKeysSecret }}
- { name: temporal-payloads, secret: { secretName: {{ .Values.temporal.payloadKeysSecret | quote }}, defaultMode: 288 } }
{{- end }}
{{- end }}
