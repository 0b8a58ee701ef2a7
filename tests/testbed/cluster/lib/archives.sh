# shellcheck shell=bash
# Writes docker-archives without a container engine: layers are tar files, the rest is two pieces of JSON.

readonly TAR_OPTIONS=(--sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu)

# pack_layer FOLDER FILE: the same content gives the same bytes.
pack_layer() {
  # A folder made by mktemp is closed to others, and it becomes the root of the image.
  chmod 0755 "$1"
  tar "${TAR_OPTIONS[@]}" -C "$1" -cf "$2.new" .
  mv "$2.new" "$2"
}

# write_archive FILE TAG CONFIG LAYER...: CONFIG is the JSON of User, Env, Entrypoint and so on.
write_archive() {
  local file=$1 tag=$2 config=$3 work layer digest
  shift 3
  work=$(mktemp -d "$CACHE/archive.XXXXXX")
  local digests=()
  for layer in "$@"; do
    digest=$(sha256sum "$layer")
    digest=${digest%% *}
    digests+=("$digest")
    ln -f "$layer" "$work/$digest.tar" 2>/dev/null || cp "$layer" "$work/$digest.tar"
  done
  jq -n -S --argjson config "$config" '{
    architecture: "amd64", os: "linux", created: "1970-01-01T00:00:00Z", config: $config,
    rootfs: {type: "layers", diff_ids: [$ARGS.positional[] | "sha256:" + .]}
  }' --args "${digests[@]}" >"$work/config"
  digest=$(sha256sum "$work/config")
  mv "$work/config" "$work/${digest%% *}.json"
  jq -n --arg config "${digest%% *}.json" --arg tag "$tag" \
    '[{Config: $config, RepoTags: [$tag], Layers: [$ARGS.positional[] + ".tar"]}]' --args "${digests[@]}" >"$work/manifest.json"
  mkdir -p "$(dirname "$file")"
  (cd "$work" && tar "${TAR_OPTIONS[@]}" -cf "$file.new" ./*.json ./*.tar --transform 's#^\./##')
  mv "$file.new" "$file"
  rm -rf "$work"
}

# archive_tag FILE: the image's name, or nothing when it is no docker-archive.
archive_tag() { tar -xOf "$1" manifest.json 2>/dev/null | jq -r '.[0].RepoTags[0] // empty'; }
