# shellcheck shell=bash
# CLUSTER=current: the cluster that kubectl points at, which somebody else made and will take away.

current_kubeconfig() { echo "${KUBECONFIG:-$HOME/.kube/config}"; }

check_current_cluster() {
  need_binaries clients
  "$CLIENTS/kubectl" version -o yaml >/dev/null 2>"$CACHE/logs/current.log" ||
    show_log_and_fail "$CACHE/logs/current.log" "CLUSTER=current, but the cluster that kubectl points at does not answer"
  say "using the cluster of context '$("$CLIENTS/kubectl" config current-context)'"
}

load_into_current_cluster() {
  local archive
  for archive in "$@"; do
    if [[ -n ${KIND_CLUSTER:-} ]]; then
      kind load image-archive --name "$KIND_CLUSTER" "$archive"
    elif [[ -n ${K3D_CLUSTER:-} ]]; then
      k3d image import --cluster "$K3D_CLUSTER" "$archive"
    else
      fail "name the cluster with KIND_CLUSTER or K3D_CLUSTER, or push the images with 'REGISTRY=host/prefix tests/cluster/images' and install from there"
    fi
  done
}
