# shellcheck shell=bash
# CLUSTER=current: the cluster that kubectl points at, which somebody else made and will take away.

# current_kubeconfig: the path of one file. kubectl reads a list (KUBECONFIG=a:b), most other clients do not: of a list it is a merged copy.
current_kubeconfig() {
  local given=${KUBECONFIG:-$HOME/.kube/config} folder=$CACHE/current merged
  if [[ $given != *:* ]]; then
    echo "$given"
    return
  fi
  need_binaries clients
  merged=$folder/$(cksum <<<"$PWD:$given" | cut -d ' ' -f 1)
  (
    umask 077
    mkdir -p "$folder"
    "$CLIENTS/kubectl" config view --raw --flatten >"$merged.$$" 2>"$CACHE/logs/current.log"
  ) || show_log_and_fail "$CACHE/logs/current.log" "the files of KUBECONFIG=$given cannot be merged"
  mv "$merged.$$" "$merged"
  echo "$merged"
}

# forget_current_cluster: the merged copies hold credentials.
forget_current_cluster() {
  rm -rf "$CACHE/current"
  say "CLUSTER=current: it is not ours to take down"
}

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
      fail "name the cluster with KIND_CLUSTER or K3D_CLUSTER, or push the images with 'REGISTRY=host/prefix tests/testbed/cluster/images' and install from there"
    fi
  done
}
