# shellcheck shell=bash
# Takes a cluster away: its processes, mounts, control groups, network and folder, and nothing else.

remove_cluster() {
  local component
  say "removing cluster '$NAME'"
  # The kubelet first, or it would start again what is stopped; the apiserver late, since others wait for it when they end.
  for component in kubelet kube-proxy dns-records dns kube-scheduler kube-controller-manager; do stop "$component" 3; done
  # At once: what a guest would still write goes with its disk.
  for component in $(guest_names); do
    ! is_running "$component" || { signal KILL "$component" && wait_until 10 "$component to die" has_ended "$component"; }
  done
  if [[ $VARIANT == node ]]; then
    kill_containers
    stop containerd 3
  fi
  for component in kube-apiserver etcd $(defined_components); do stop "$component" 3; done
  if [[ $VARIANT == node ]]; then
    unmount_below "$CLUSTER_FOLDER"
    unmount_below "$SOCKETS"
    remove_cgroup
    remove_network
    remove_host_traces
  fi
  rm -rf "${CLUSTER_FOLDER:?}"
  [[ $VARIANT == control-plane ]] || restore_kernel_settings
}

cgroup_folders() { find /sys/fs/cgroup -depth -type d \( -path "/sys/fs/cgroup/$CGROUP*" -o -path "/sys/fs/cgroup/*/$CGROUP*" \) 2>/dev/null || true; }

# kill_containers: every process of the cluster's control groups, then the shims, known by the cluster's own socket.
kill_containers() {
  local deadline=$((SECONDS + 20)) pids
  while pids=$(container_processes) && [[ -n $pids ]]; do
    ((SECONDS < deadline)) || fail "processes of cluster '$NAME' cannot be killed: ${pids//$'\n'/ }"
    # shellcheck disable=SC2086 # several
    kill -KILL $pids 2>/dev/null || true
    sleep 0.1
  done
  pids=$(shim_processes)
  # shellcheck disable=SC2086 # several
  [[ -z $pids ]] || kill -KILL $pids 2>/dev/null || true
}

container_processes() {
  local folder
  for folder in $(cgroup_folders); do cat "$folder/cgroup.procs" 2>/dev/null || true; done | sort -un
}

shim_processes() {
  local file
  for file in /proc/[0-9]*/cmdline; do
    tr '\0' ' ' 2>/dev/null <"$file" | grep -q "containerd-shim-runc-v2 .*-address $SOCKETS/containerd.sock " && basename "$(dirname "$file")"
  done || true
}

# unmount_below FOLDER: the youngest first.
unmount_below() {
  local mount
  awk -v folder="$1/" 'index($5, folder) == 1 {print $5}' /proc/self/mountinfo | tac | while read -r mount; do
    umount "$mount" 2>/dev/null || umount -l "$mount" || fail "cannot unmount $mount"
  done
}

remove_cgroup() {
  local folder
  for folder in $(cgroup_folders); do
    # A killed process leaves its group a moment later.
    wait_until 5 "$folder to be empty" rmdir "$folder" || true
  done
}

# remove_host_traces: places outside the cluster's folder that the kubelet, containerd and CNI have hard-coded.
remove_host_traces() {
  local file
  for file in "$SOCKETS"/containerd/io.containerd.runtime.v2.task/k8s.io/*/address; do
    [[ ! -e $file ]] || rm -f "$(sed 's#^unix://##' "$file")"
  done
  for file in "$CLUSTER_FOLDER"/kubelet/pods/*; do
    [[ ! -e $file ]] || rm -rf /var/log/pods/*_"$(basename "$file")"
  done
  for file in "$CLUSTER_FOLDER"/containerd/io.containerd.grpc.v1.cri/sandboxes/*; do
    rm -f /var/lib/cni/results/cni-loopback-"$(basename "$file")"-*
  done
  [[ ! -d /var/log/containers ]] || find /var/log/containers -xtype l -delete
  rm -rf /var/lib/cni/results/"$NETWORK_NAMESPACE"-* "${SOCKETS:?}"
}
