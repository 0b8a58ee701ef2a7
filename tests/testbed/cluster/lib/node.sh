# shellcheck shell=bash
# What runs pods: scheduler, containerd, kubelet and kube-proxy, all in the cluster's network namespace.

# A pod's OOM score may not be below containerd's where CAP_SYS_RESOURCE is missing.
write_containerd_configuration() {
  local snapshotter=overlayfs
  [[ $(stat -f -c %T "$CLUSTER_FOLDER") != overlayfs ]] || snapshotter=native
  cat >"$CLUSTER_FOLDER/containerd.toml" <<END
version = 2
root = "$CLUSTER_FOLDER/containerd"
state = "$SOCKETS/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"
]
[grpc]
  address = "$SOCKETS/containerd.sock"
[ttrpc]
  address = "$SOCKETS/containerd.ttrpc.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "$snapshotter"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = "$RUNC"
        Root = "$SOCKETS/runc"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$CNI"
    conf_dir = "$CLUSTER_FOLDER/cni"
END
}

start_containerd() {
  mkdir -p "$SOCKETS" "$CLUSTER_FOLDER/containerd"
  write_containerd_configuration
  define containerd env "PATH=$CONTAINERD:$(dirname "$RUNC"):$PATH" "$CONTAINERD/containerd" --config "$CLUSTER_FOLDER/containerd.toml"
  start containerd
  await_ready containerd
}

ctr() { "$CONTAINERD/ctr" --address "$SOCKETS/containerd.sock" --namespace k8s.io "$@"; }

# Nothing is evicted because the host's disk is fuller than the defaults like, and no loaded image is collected: it could not be pulled again.
write_kubelet_configuration() {
  cat >"$CLUSTER_FOLDER/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $API_ADDRESS
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true, cacheTTL: 10s}
  x509: {clientCAFile: $CERTIFICATES/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: $CERTIFICATES/kubelet-server.crt
tlsPrivateKeyFile: $CERTIFICATES/kubelet-server.key
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
clusterDNS: [$POD_SUBNET.1]
clusterDomain: cluster.local
resolvConf: ""
failSwapOn: false
maxPods: 110
oomScoreAdj: 0
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
evictionPressureTransitionPeriod: 10s
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
# How soon an emptyDir that is too full is seen; the default of a minute makes a test wait.
volumeStatsAggPeriod: 10s
serializeImagePulls: false
volumePluginDir: $CLUSTER_FOLDER/kubelet/volume-plugins
# They would live in /var/lib/kubelet, which is not ours.
featureGates: {DevicePlugins: false}
END
}

# The kubelet wants its root control group to exist.
create_cgroup() {
  local controller
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    mkdir -p "/sys/fs/cgroup/$CGROUP"
    for controller in cpu cpuset memory pids io hugetlb; do
      echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
      echo "+$controller" >"/sys/fs/cgroup/$CGROUP/cgroup.subtree_control"
    done 2>/dev/null || true
    return
  fi
  for controller in /sys/fs/cgroup/*/; do
    mkdir -p "$controller$CGROUP" 2>/dev/null || true
  done
  # A cpuset group without processors and memory nodes takes no process.
  local cpuset=/sys/fs/cgroup/cpuset
  [[ ! -d $cpuset/$CGROUP ]] || {
    cat $cpuset/cpuset.cpus >"$cpuset/$CGROUP/cpuset.cpus"
    cat $cpuset/cpuset.mems >"$cpuset/$CGROUP/cpuset.mems"
  }
}

start_kubelet() {
  create_cgroup
  mkdir -p "$CLUSTER_FOLDER/kubelet"
  write_kubelet_configuration
  define kubelet env "PATH=$PATH:/usr/sbin:/sbin" "$KUBERNETES/kubelet" --config "$CLUSTER_FOLDER/kubelet.yaml" \
    --root-dir "$CLUSTER_FOLDER/kubelet" --cert-dir "$CLUSTER_FOLDER/kubelet/pki" --kubeconfig "$KUBECONFIGS/kubelet" \
    --container-runtime remote --container-runtime-endpoint "unix://$SOCKETS/containerd.sock" \
    --node-ip "$API_ADDRESS" --hostname-override "$NAME"
  start kubelet
}

start_scheduler() {
  define kube-scheduler "$KUBERNETES/kube-scheduler" --leader-elect=false --port 0 --bind-address 127.0.0.1 \
    --kubeconfig "$KUBECONFIGS/kube-scheduler" \
    --authentication-kubeconfig "$KUBECONFIGS/kube-scheduler" --authorization-kubeconfig "$KUBECONFIGS/kube-scheduler"
  start kube-scheduler
}

start_proxy() {
  local masquerade=true
  # Without the bridge filter an answer between two pods would go back directly and unchanged; so their traffic takes the node's address.
  ! has_bridge_filter || masquerade=false
  define kube-proxy env "PATH=$PATH:/usr/sbin:/sbin" "$KUBERNETES/kube-proxy" --proxy-mode iptables "--masquerade-all=$masquerade" \
    --kubeconfig "$KUBECONFIGS/kube-proxy" --cluster-cidr "$POD_SUBNET.0/24" --hostname-override "$NAME" --oom-score-adj 0 \
    --conntrack-max-per-core 0 --conntrack-min 0 --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0 \
    --bind-address "$API_ADDRESS" --metrics-bind-address 127.0.0.1:10249 --healthz-bind-address 127.0.0.1:10256
  start kube-proxy
}

start_node() {
  write_pod_network
  start_containerd
  load_pause_image
  start_scheduler
  start_kubelet
  start_proxy
  start_dns
  wait_for kubelet 120 node_is_ready
}

# The node's condition may be one that a kubelet before this one left: so this one must listen too.
node_is_ready() {
  (exec 3<>"/dev/tcp/$API_ADDRESS/10250") &&
    [[ $(kubectl get node "$NAME" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]
}
