# shellcheck shell=bash
# The network namespace of a cluster with a node: a link to the host, a bridge for the pods, and the way out.

# host_rules ACTION: the host's two packet filter chains let the cluster's traffic out; ACTION is -A, -C or -D.
host_rules() {
  local comment=(-m comment --comment "$NETWORK_NAMESPACE") action=$1 link=10.230.$NUMBER.0/30
  iptables -w -t nat "$action" POSTROUTING -s "$link" ! -d "$link" "${comment[@]}" -j MASQUERADE &&
    iptables -w "$action" FORWARD -s "$link" "${comment[@]}" -j ACCEPT &&
    iptables -w "$action" FORWARD -d "$link" "${comment[@]}" -j ACCEPT
}

in_network() { nsenter "--net=/run/netns/$NETWORK_NAMESPACE" "$@"; }

create_network() {
  local module host_link=agentop$NUMBER
  # Absent where they are built in or where we may not load them; what is really missing shows below.
  for module in overlay br_netfilter veth bridge; do modprobe -q "$module" 2>/dev/null || true; done
  if [[ ! -e /run/netns/$NETWORK_NAMESPACE ]]; then
    ip netns add "$NETWORK_NAMESPACE" || fail "this kernel or container does not allow network namespaces; use --control-plane or CLUSTER=current"
    ip link add "$host_link" type veth peer name eth0 netns "$NETWORK_NAMESPACE"
    ip address add "$HOST_ADDRESS/30" dev "$host_link"
    ip link set "$host_link" up
    # The host reaches pods and Services too: tests and `curl` need no port-forward.
    ip route add "$POD_SUBNET.0/24" via "$API_ADDRESS"
    ip route add "$SERVICE_SUBNET.0/24" via "$API_ADDRESS"
    in_network ip link set lo up
    in_network ip address add "$API_ADDRESS/30" dev eth0
    in_network ip link set eth0 up
    in_network ip route add default via "$HOST_ADDRESS"
    in_network ip link add pods type bridge
    in_network ip address add "$POD_SUBNET.1/24" dev pods
    in_network ip link set pods up
    in_network iptables -w -t nat -A POSTROUTING -s "$POD_SUBNET.0/24" -o eth0 ! -d "10.230.$NUMBER.0/30" -j MASQUERADE
    in_network sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
  fi
  # Of its own, or it would take the lowest one of its ports: each time that one comes or goes, pods would talk to nobody for seconds.
  in_network ip link set pods address "$(printf '0a:58:0a:e7:%02x:01' "$NUMBER")"
  echo 1 >/proc/sys/net/ipv4/ip_forward
  host_rules -C 2>/dev/null || host_rules -A || fail "iptables does not work on this machine"
}

remove_network() {
  while host_rules -C 2>/dev/null; do host_rules -D; done
  if [[ -e /run/netns/$NETWORK_NAMESPACE ]]; then
    # The link to the host goes with the namespace, but a moment later: deleting it here makes a following `up` safe.
    ip link delete "agentop$NUMBER" 2>/dev/null || true
    ip netns delete "$NETWORK_NAMESPACE"
  fi
}

# has_bridge_filter: whether traffic that only crosses the bridge passes the packet filter, where Services are implemented.
has_bridge_filter() { in_network sh -c 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables' 2>/dev/null; }

# containerd reads the file as soon as it changes: it appears whole or not at all.
write_pod_network() {
  local file=$CLUSTER_FOLDER/cni/10-pods.conflist
  [[ ! -e $file ]] || return 0
  mkdir -p "$CLUSTER_FOLDER/cni"
  cat >"$file.new" <<END
{
  "cniVersion": "0.4.0",
  "name": "$NETWORK_NAMESPACE",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "pods",
      "isDefaultGateway": true,
      "hairpinMode": true,
      "ipam": {
        "type": "host-local",
        "dataDir": "$CLUSTER_FOLDER/cni/addresses",
        "ranges": [[{"subnet": "$POD_SUBNET.0/24"}]]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
END
  mv "$file.new" "$file"
}
