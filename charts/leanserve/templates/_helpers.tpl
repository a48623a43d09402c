{{- define "leanserve.labels" -}}
app.kubernetes.io/name: leanserve-operator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
{{- define "leanserve.selector" -}}
app.kubernetes.io/name: leanserve-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
