# shellcheck shell=bash
# Brings image archives into containerd. There is no registry, so an image that was not loaded cannot be used.

readonly PAUSE_IMAGE=agentoperator.dev/pause:1

# load_image FILE: into the cluster's own node, or with --node uml into the guests.
load_image() {
  local guest
  if [[ -z $NODE ]]; then
    load_archive "$1"
    return
  fi
  [[ -n $GUESTS ]] || fail "cluster '$NAME' has no guests to load images into"
  for guest in $(guest_names); do load_into_guest "$guest" "$1"; done
}

# load_archive FILE: skipped when the same content was loaded under the same name.
load_archive() {
  local file=$1 tag digest record
  [[ -r $file ]] || fail "there is no file $file"
  tag=$(archive_tag "$file")
  [[ -n $tag ]] || fail "$file is no docker-archive"
  record=$CLUSTER_FOLDER/loaded/${tag//[^A-Za-z0-9.-]/_}
  digest=$(sha256sum "$file")
  digest=${digest%% *}
  if [[ -e $record && $(<"$record") == "$digest" ]]; then
    say "$tag is loaded already"
    return
  fi
  ctr images import "$file" >"$LOGS/load.log" 2>&1 || show_log_and_fail "$LOGS/load.log" "could not load $file"
  mkdir -p "$(dirname "$record")"
  echo "$digest" >"$record"
  say "loaded $tag"
}

# load_pause_image: the process that holds a pod's namespaces only sleeps; busybox knows by its name what to be.
load_pause_image() {
  local folder=$CLUSTER_FOLDER/pause
  [[ -e $CLUSTER_FOLDER/pause.tar ]] || {
    mkdir -p "$folder/bin"
    cp "$BIN/busybox-static/bin/busybox" "$folder/bin/sleep"
    pack_layer "$folder" "$CLUSTER_FOLDER/pause-layer.tar"
    write_archive "$CLUSTER_FOLDER/pause.tar" "$PAUSE_IMAGE" '{"Entrypoint": ["/bin/sleep", "2147483647"]}' "$CLUSTER_FOLDER/pause-layer.tar"
    rm -r "$folder" "$CLUSTER_FOLDER/pause-layer.tar"
  }
  load_archive "$CLUSTER_FOLDER/pause.tar"
}
