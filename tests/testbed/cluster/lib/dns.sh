# shellcheck shell=bash
# DNS for the pods: dnsmasq on the bridge, with a record for each Service, kept up to date by dns-records.

start_dns() {
  local upstream=/etc/resolv.conf
  # systemd-resolved listens on the host's loopback address, which pods cannot reach; here it says whom it asks.
  [[ ! -e /run/systemd/resolve/resolv.conf ]] || upstream=/run/systemd/resolve/resolv.conf
  mkdir -p "$CLUSTER_FOLDER/dns"
  touch "$CLUSTER_FOLDER/dns/services"
  chmod -R a+rX "$CLUSTER_FOLDER/dns"
  define dns dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --pid-file= --log-facility=- \
    --interface=pods --bind-interfaces --no-hosts --no-negcache --no-poll \
    --addn-hosts="$CLUSTER_FOLDER/dns/services" --local=/cluster.local/ --local=/svc/ --resolv-file="$upstream"
  start dns
  define dns-records "$LIBRARY/dns-records" "$CLIENTS/kubectl" "$KUBECONFIG_FILE" "$CLUSTER_FOLDER/dns/services" "$RUN/dns.pid"
  start dns-records
}
