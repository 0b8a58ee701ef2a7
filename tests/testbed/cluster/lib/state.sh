# shellcheck shell=bash
# What is remembered of a cluster: its folder, its variant, its addresses and ports.

# use_cluster NAME: sets the paths of that cluster and, when it exists, its settings.
use_cluster() {
  NAME=$1
  [[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] ||
    fail "'$NAME' is no cluster name: lower-case letters, digits and '-', 32 at most"
  CLUSTER_FOLDER=$CACHE/clusters/$NAME
  CERTIFICATES=$CLUSTER_FOLDER/certificates
  KUBECONFIGS=$CLUSTER_FOLDER/kubeconfigs
  LOGS=$CLUSTER_FOLDER/logs
  RUN=$CLUSTER_FOLDER/run
  KUBECONFIG_FILE=$CLUSTER_FOLDER/kubeconfig
  # Sockets need short paths.
  SOCKETS=/run/agentoperator/$NAME
  CGROUP=agentoperator-$NAME
  NETWORK_NAMESPACE=agentoperator-$NAME
  VARIANT='' GUESTS=''
  # shellcheck source=/dev/null
  [[ ! -e $CLUSTER_FOLDER/settings ]] || . "$CLUSTER_FOLDER/settings"
}

cluster_exists() { [[ -n $VARIANT ]]; }

require_cluster() { cluster_exists || fail "there is no cluster '$NAME'; '$0 up --name $NAME' makes it"; }

cluster_names() {
  local settings
  for settings in "$CACHE"/clusters/*/settings; do
    [[ ! -e $settings ]] || basename "$(dirname "$settings")"
  done
}

# create_settings VARIANT: chooses what must not collide with another cluster and writes it down.
create_settings() {
  mkdir -p "$CERTIFICATES" "$KUBECONFIGS" "$LOGS" "$RUN"
  chmod 0700 "$CERTIFICATES" "$KUBECONFIGS"
  (
    flock 8
    if [[ $1 == node ]]; then node_settings; else control_plane_settings; fi >"$CLUSTER_FOLDER/settings.new"
    mv "$CLUSTER_FOLDER/settings.new" "$CLUSTER_FOLDER/settings"
  ) 8>"$CACHE/clusters/settings.lock"
  use_cluster "$NAME"
}

# A control plane alone listens on the loopback address, on ports that nobody has.
control_plane_settings() {
  local ports
  mapfile -t ports < <(free_ports 4)
  cat <<END
VARIANT=control-plane
API_ADDRESS=127.0.0.1
SERVICE_SUBNET=10.96.0
API_PORT=${ports[0]}
ETCD_PORT=${ports[1]}
ETCD_PEER_PORT=${ports[2]}
CONTROLLER_MANAGER_PORT=${ports[3]}
END
}

# A cluster with a node lives in a network namespace of its own: its ports are the usual ones, and its bridge and packet filter
# rules disappear with the namespace. Only the subnets must differ from those of other clusters.
node_settings() {
  local number
  for ((number = 0; number < 200; number++)); do
    grep -qs "^NUMBER=$number$" "$CACHE"/clusters/*/settings && continue
    ip route show | grep -qE "10\.23[01234]\.$number\." && continue
    cat <<END
VARIANT=node
NUMBER=$number
HOST_ADDRESS=10.230.$number.1
API_ADDRESS=10.230.$number.2
POD_SUBNET=10.231.$number
SERVICE_SUBNET=10.232.$number
GUEST_SUBNET=10.233.$number
GUEST_POD_SUBNET=10.234.$number
API_PORT=6443
ETCD_PORT=2379
ETCD_PEER_PORT=2380
CONTROLLER_MANAGER_PORT=10257
END
    return
  done
  fail "no free subnet for a cluster"
}

# free_ports COUNT: below the range from which the kernel gives ports to clients.
free_ports() {
  local count=$1 port hexadecimal chosen=' '
  while ((count > 0)); do
    port=$((20000 + RANDOM % 12000))
    printf -v hexadecimal '%04X' "$port"
    [[ $chosen == *" $port "* ]] && continue
    grep -qs ":$hexadecimal 0" /proc/net/tcp /proc/net/tcp6 && continue
    grep -qs "PORT=$port$" "$CACHE"/clusters/*/settings && continue
    chosen+="$port "
    echo "$port"
    count=$((count - 1))
  done
}
