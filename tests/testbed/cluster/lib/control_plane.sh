# shellcheck shell=bash
# etcd, kube-apiserver and kube-controller-manager: all that a cluster needs but for running pods.

readonly ISSUER=https://kubernetes.default.svc.cluster.local

# As in every version since 1.22: EndpointSlices list pods that terminate, and whether they still serve.
readonly FEATURES=EndpointSliceTerminatingCondition=true

start_control_plane() {
  start_etcd
  start_apiserver
  start_controller_manager
}

start_etcd() {
  # Without fsync: a test cluster's data need not survive a power cut.
  define etcd "$ETCD" --name "$NAME" --data-dir "$CLUSTER_FOLDER/etcd" --unsafe-no-fsync --logger zap --log-level warn \
    --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --listen-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" --initial-advertise-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" \
    --initial-cluster "$NAME=http://127.0.0.1:$ETCD_PEER_PORT" \
    --auto-compaction-mode periodic --auto-compaction-retention 10m --quota-backend-bytes 4294967296
  start etcd
}

start_apiserver() {
  # shellcheck disable=SC2054 # the commas belong to the options
  local options=(
    --etcd-servers "http://127.0.0.1:$ETCD_PORT"
    --bind-address "$API_ADDRESS" --secure-port "$API_PORT"
    --service-cluster-ip-range "$SERVICE_SUBNET.0/24"
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged=true
    --client-ca-file "$CERTIFICATES/ca.crt"
    --tls-cert-file "$CERTIFICATES/kube-apiserver.crt" --tls-private-key-file "$CERTIFICATES/kube-apiserver.key"
    --service-account-issuer "$ISSUER" --api-audiences "$ISSUER"
    --service-account-key-file "$CERTIFICATES/service-account.key"
    --service-account-signing-key-file "$CERTIFICATES/service-account.key"
  )
  if [[ $VARIANT == node ]]; then
    options+=(
      --advertise-address "$API_ADDRESS"
      --kubelet-preferred-address-types InternalIP
      --kubelet-certificate-authority "$CERTIFICATES/ca.crt"
      --kubelet-client-certificate "$CERTIFICATES/kube-apiserver-kubelet-client.crt"
      --kubelet-client-key "$CERTIFICATES/kube-apiserver-kubelet-client.key"
    )
  else
    # A loopback address is no valid endpoint, and without a node nobody uses the Service `kubernetes`.
    options+=(--advertise-address 127.0.0.1 --endpoint-reconciler-type none)
  fi
  define kube-apiserver "$KUBERNETES/kube-apiserver" "${options[@]}" --feature-gates "$FEATURES"
  start kube-apiserver
  await_ready kube-apiserver
}

start_controller_manager() {
  # No leader election: one process, and a restart need not wait for a lease to run out.
  define kube-controller-manager "$KUBERNETES/kube-controller-manager" --leader-elect=false --port 0 \
    --bind-address 127.0.0.1 --secure-port "$CONTROLLER_MANAGER_PORT" --feature-gates "$FEATURES" \
    --kubeconfig "$KUBECONFIGS/kube-controller-manager" --use-service-account-credentials \
    --authentication-kubeconfig "$KUBECONFIGS/kube-controller-manager" \
    --authorization-kubeconfig "$KUBECONFIGS/kube-controller-manager" \
    --root-ca-file "$CERTIFICATES/ca.crt" --service-account-private-key-file "$CERTIFICATES/service-account.key" \
    --cluster-signing-cert-file "$CERTIFICATES/ca.crt" --cluster-signing-key-file "$CERTIFICATES/ca.key"
  start kube-controller-manager
  # Pods can be created from the moment the default service account is there.
  wait_for kube-controller-manager 60 kubectl get serviceaccount default
}

apiserver_is_ready() { kubectl get --raw /readyz; }

# kubectl ARGUMENT...: ours, as this cluster's administrator.
kubectl() { "$CLIENTS/kubectl" --kubeconfig "$KUBECONFIG_FILE" "$@"; }
