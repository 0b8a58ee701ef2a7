# shellcheck shell=bash
# Guests: nodes in User-Mode Linux, whose kernel is a process of ours and has control groups of version 2. They join the cluster beside its
# own node, on taps on a bridge of its network namespace. What their pods send to a Service is translated in the namespace, on its way.

# Told when the machine cannot run a guest at all: whoever starts them may go on without.
readonly NO_GUESTS_EXIT=69
readonly MOST_GUESTS=3
readonly GUEST_MEMORY=${AGENTOPERATOR_GUEST_MEMORY:-1280M}
readonly GUEST_DISK=12G
readonly DOOR=7000
readonly GUEST_LABEL=agentoperator.dev/guest=uml
# Pods come here only when they ask to.
readonly GUEST_TAINT=agentoperator.dev/guest=uml:NoSchedule

guest_names() {
  local number
  for ((number = 1; number <= ${GUESTS:-0}; number++)); do echo "node-$number"; done
}

is_guest() { [[ " $(guest_names | tr '\n' ' ')" == *" $1 "* ]]; }

require_guest() { is_guest "${1:-}" || fail "cluster '$NAME' has no guest '${1:-}'; it has: $(guest_names | tr '\n' ' ')"; }

# guest_count: what --node asks for.
guest_count() { [[ $NODE == *=* ]] && echo "${NODE#*=}" || echo 1; }

guest_folder() { echo "$CLUSTER_FOLDER/guests/$1"; }
guest_address() { echo "$GUEST_SUBNET.$((10 + ${1#node-}))"; }
# A quarter of the guests' pod subnet for each; the first stays unused, so that no guest has an address that ends in .0.
guest_pods() { echo "$GUEST_POD_SUBNET.$((64 * ${1#node-}))/26"; }

# no_guests SENTENCE: the machine is to blame.
no_guests() {
  say "User-Mode Linux cannot start here: $*"
  exit $NO_GUESTS_EXIT
}

# need_guests: what must be there before a guest can start.
need_guests() {
  [[ $(uname -m) == x86_64 ]] || no_guests "the machine is $(uname -m), not x86-64"
  [[ -c /dev/net/tun ]] || no_guests "there is no /dev/net/tun"
  require_commands mkfs.ext4=e2fsprogs
  prepare guests need_guest_root
}

# start_guests COUNT: they boot side by side.
start_guests() {
  local guest
  [[ -n ${GUEST_SUBNET:-} ]] || fail "cluster '$NAME' was created by an earlier version, without a network for guests; take it down first"
  need_guests
  ((${GUESTS:-0} >= $1)) || remember_guests "$1"
  create_guest_network
  # Memory of guests is a file that is mapped: in a tmpfs of our own, since /dev/shm may be small or forbid programs.
  mkdir -p "$CLUSTER_FOLDER/guests/memory"
  mountpoint -q "$CLUSTER_FOLDER/guests/memory" || mount -t tmpfs -o size=100% tmpfs "$CLUSTER_FOLDER/guests/memory"
  for guest in $(guest_names); do
    prepare_guest "$guest"
    start_guest "$guest"
  done
  create_runtime_classes
  for guest in $(guest_names); do await_ready "$guest"; done
}

remember_guests() {
  sed -i '/^GUESTS=/d' "$CLUSTER_FOLDER/settings"
  echo "GUESTS=$1" >>"$CLUSTER_FOLDER/settings"
  use_cluster "$NAME"
}

create_guest_network() {
  local guest number
  if ! in_network ip link show guests >/dev/null 2>&1; then
    in_network ip link add guests type bridge
    in_network ip address add "$GUEST_SUBNET.1/24" dev guests
    in_network ip link set guests up
    in_network ip link set guests address "$(printf '0a:58:0a:e9:%02x:01' "$NUMBER")"
    for number in "$GUEST_SUBNET" "$GUEST_POD_SUBNET"; do
      ip route add "$number.0/24" via "$API_ADDRESS"
      in_network iptables -w -t nat -A POSTROUTING -s "$number.0/24" -o eth0 ! -d "10.230.$NUMBER.0/30" -j MASQUERADE
    done
  fi
  for guest in $(guest_names); do
    in_network ip link show "$guest" >/dev/null 2>&1 || {
      in_network ip tuntap add "$guest" mode tap || no_guests "no tap device can be made"
      in_network ip link set "$guest" master guests
      in_network ip link set "$guest" up
      in_network ip route add "$(guest_pods "$guest")" via "$(guest_address "$guest")"
    }
  done
}

# prepare_guest GUEST: its folder, which it sees as /guest, and its disk.
prepare_guest() {
  local guest=$1 folder
  folder=$(guest_folder "$guest")
  mkdir -p "$folder"
  create_identity "kubelet-$guest" "/O=system:nodes/CN=system:node:$guest"
  create_certificate "kubelet-server-$guest" "/CN=$guest" "DNS:$guest,IP:$(guest_address "$guest")"
  cp "$KUBECONFIGS/kubelet-$guest" "$folder/kubeconfig"
  cp "$CERTIFICATES/ca.crt" "$folder/ca.crt"
  cp "$CERTIFICATES/kubelet-server-$guest.crt" "$folder/kubelet.crt"
  cp "$CERTIFICATES/kubelet-server-$guest.key" "$folder/kubelet.key"
  cp "$LIBRARY/guest-init" "$folder/init"
  cp "$LIBRARY/guest-door" "$folder/door"
  install -m 0755 "$LIBRARY/guest-runtime" "$folder/runtime"
  cat >"$folder/settings" <<SETTINGS
NODE=$guest
ADDRESS=$(guest_address "$guest")
GATEWAY=$GUEST_SUBNET.1
DOOR=$DOOR
NODE_LABEL=$GUEST_LABEL
NODE_TAINT=$GUEST_TAINT
PROGRAMS=$BIN
KUBELET=/programs/${KUBERNETES##*/}/kubelet
CONTAINERD=/programs${CONTAINERD#"$BIN"}
RUNC=/programs${RUNC#"$BIN"}
SETTINGS
  write_guest_containerd_configuration >"$folder/containerd.toml"
  write_guest_kubelet_configuration >"$folder/kubelet.yaml"
  mkdir -p "$folder/cni"
  write_guest_pod_network "$guest" >"$folder/cni/10-pods.conflist"
  [[ -e $folder/disk ]] || {
    truncate -s "$GUEST_DISK" "$folder/disk.new"
    mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 "$folder/disk.new"
    mv "$folder/disk.new" "$folder/disk"
  }
}

# Group kill is the default, as on users' nodes; the runtime class child-kill is the kernel's own way.
write_guest_containerd_configuration() {
  cat <<CONFIGURATION
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"
]
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  disable_apparmor = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    default_runtime_name = "group-kill"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.group-kill]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.group-kill.options]
        BinaryName = "/guest/runtime"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.child-kill]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.child-kill.options]
        BinaryName = "/programs${RUNC#"$BIN"}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/programs${CNI#"$BIN"}"
    conf_dir = "/guest/cni"
CONFIGURATION
}

# As that of the cluster's own node, but for its addresses.
write_guest_kubelet_configuration() {
  cat <<CONFIGURATION
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true, cacheTTL: 10s}
  x509: {clientCAFile: /guest/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: /guest/kubelet.crt
tlsPrivateKeyFile: /guest/kubelet.key
cgroupDriver: cgroupfs
clusterDNS: [$POD_SUBNET.1]
clusterDomain: cluster.local
resolvConf: ""
failSwapOn: false
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, nodefs.inodesFree: 1%, imagefs.available: 1%}
evictionPressureTransitionPeriod: 10s
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
volumeStatsAggPeriod: 10s
serializeImagePulls: false
CONFIGURATION
}

write_guest_pod_network() {
  cat <<CONFIGURATION
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [{
    "type": "bridge",
    "bridge": "pods",
    "isDefaultGateway": true,
    "hairpinMode": true,
    "ipam": {"type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": "$(guest_pods "$1")"}]]}
  }]
}
CONFIGURATION
}

start_guest() {
  local guest=$1 folder environment=("TMPDIR=$CLUSTER_FOLDER/guests/memory")
  folder=$(guest_folder "$guest")
  if is_running "$guest"; then
    # What a broken-off test left.
    freeze CONT "$guest"
    heal "$guest"
    return
  fi
  rm -f "$folder/started"
  mkdir -p "$SOCKETS/uml"
  if has_large_registers; then environment+=("LD_PRELOAD=$GUEST_REGISTERS"); fi
  define "$guest" env "${environment[@]}" "$UML" "mem=$GUEST_MEMORY" "umid=$guest" "uml_dir=$SOCKETS/uml/" \
    root=/dev/root rootfstype=hostfs "rootflags=$GUEST_ROOT" ro init=/sbin/guest-init "guest=$folder" \
    quiet con=null con0=null,fd:1 "ubdb=$folder/disk" "vec0:transport=tap,ifname=$guest,depth=64"
  start "$guest"
}

# await_guest GUEST: until it is a node that is ready. A kernel that never came to its first program is the machine's fault.
await_guest() {
  await_in_guest "$1" 120 run_in_guest "$1" true
  load_into_guest "$1" "$CLUSTER_FOLDER/pause.tar"
  await_in_guest "$1" 180 guest_is_ready "$1"
}

# await_in_guest GUEST SECONDS COMMAND...: until the command succeeds; ends with what the guest says when it dies or is too late.
await_in_guest() {
  local guest=$1 deadline=$((SECONDS + $2)) folder
  folder=$(guest_folder "$guest")
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! is_running "$guest" || ((SECONDS >= deadline)); then
      show_guest "$guest"
      [[ -e $folder/started ]] || no_guests "the kernel of $guest does not come up; its console is above"
      fail "$guest started but is not ready; what it says is above"
    fi
    sleep 0.2
  done
}

# show_guest GUEST: its console, and what its kubelet and containerd say.
show_guest() {
  local file
  for file in "$LOGS/$1.log" "$(guest_folder "$1")"/{kubelet,containerd}.log; do
    [[ -e $file ]] || continue
    say "the end of $file:"
    tail -n "${2:-30}" "$file" >&2
  done
}

# The node's condition may be one from before a restart: so the kubelet must listen too.
guest_is_ready() {
  in_network bash -c "exec 3<>/dev/tcp/$(guest_address "$1")/10250" 2>/dev/null &&
    [[ $(kubectl get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]
}

# run_in_guest GUEST SCRIPT: runs it as root, prints what it says, returns its exit code; 124 when the guest does not answer in a minute.
run_in_guest() {
  local answer status
  # shellcheck disable=SC2016 # expanded by the inner shell
  answer=$(in_network timeout "${GUEST_DEADLINE:-60}" bash -c 'exec 3<>"/dev/tcp/$1/$2" && echo "$3" >&3 && cat <&3' \
    _ "$(guest_address "$1")" "$DOOR" "$(base64 -w0 <<<"$2")") || return
  status=${answer##*$'\n'exit }
  [[ $answer == *$'\n'exit\ * && $status =~ ^[0-9]+$ ]] || return 124
  answer=${answer%$'\n'exit *}
  [[ -z $answer ]] || printf '%s\n' "${answer%$'\n'}"
  return "$status"
}

# sync_guest GUEST: before it is stopped; one that does not answer has its disk as it is.
sync_guest() { GUEST_DEADLINE=10 run_in_guest "$1" sync || say "$1 does not answer"; }

# load_into_guest GUEST ARCHIVE: skipped when the same content was loaded.
load_into_guest() {
  local guest=$1 file record digest
  file=$(realpath "$2")
  record=$(guest_folder "$guest")/loaded-$(basename "$file")
  digest=$(sha256sum "$file")
  [[ ! -e $record || $(<"$record") != "${digest%% *}" ]] || return 0
  # Synced, so that the image is whole when the guest is killed.
  GUEST_DEADLINE=180 run_in_guest "$guest" "
    mount -t hostfs -o '$(dirname "$file")' none /images &&
    ctr images import '/images/$(basename "$file")'; status=\$?; umount /images; sync; exit \$status" >"$LOGS/load-$guest.log" 2>&1 ||
    show_log_and_fail "$LOGS/load-$guest.log" "could not load $file into $guest"
  echo "${digest%% *}" >"$record"
  say "loaded $(basename "$file") into $guest"
}

# create_runtime_classes: both lead to the guests, whose taint they tolerate.
create_runtime_classes() {
  local handler
  for handler in group-kill child-kill; do
    kubectl apply -f - >/dev/null <<MANIFEST
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: $handler}
handler: $handler
scheduling:
  nodeSelector: {${GUEST_LABEL%%=*}: ${GUEST_LABEL#*=}}
  tolerations: [{key: ${GUEST_LABEL%%=*}, operator: Exists, effect: NoSchedule}]
MANIFEST
  done
}

# partition GUEST, heal GUEST: its kubelet and the API server do not hear each other; its pods reach everybody as before.
partition() {
  require_guest "$1"
  heal "$1"
  partition_rules -I "$1"
}

heal() {
  require_guest "$1"
  while partition_rules -C "$1" 2>/dev/null; do partition_rules -D "$1"; done
}

partition_rules() {
  local address
  address=$(guest_address "$2")
  in_network iptables -w "$1" INPUT -s "$address" -p tcp --dport "$API_PORT" -j DROP &&
    in_network iptables -w "$1" OUTPUT -d "$address" -p tcp --dport 10250 -j DROP
}
