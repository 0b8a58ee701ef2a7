# shellcheck shell=bash
# Images of servers that are not ours, for end-to-end tests. Where one of them cannot be had, `images` says why and ends with exit code 69.

# Debian's release that has what the machine's own may lack: llama.cpp, and the Node.js that current servers want.
readonly NEWER_RELEASE=forky
readonly MCP_SERVERS=(@modelcontextprotocol/server-everything@2026.8.31 @modelcontextprotocol/server-filesystem@2026.8.31 supergateway@4.0.0)
readonly UNAVAILABLE=69

# What is packed below changes with this file.
FOREIGN_REVISION=$(sha256sum "$LIBRARY/foreign.sh" | cut -c 1-12)

is_foreign() { [[ $1 == llama-server || $1 == mcp-servers ]]; }

# build_foreign NAME ARCHIVE
build_foreign() {
  local layers=() program=$1 entrypoint
  case $1 in
    llama-server)
      layers=("$(newer_layer llama-server llama.cpp-tools)")
      entrypoint='["/usr/bin/llama-server"]'
      ;;
    mcp-servers)
      layers=("$(newer_layer node nodejs,dash)")
      layers+=("$(npm_layer mcp-servers "${MCP_SERVERS[@]}")")
      entrypoint='["/usr/bin/node"]'
      ;;
  esac
  ASSEMBLY=$program write_foreign "$program" "$2" "$entrypoint" "${layers[@]}"
}

# write_foreign NAME ARCHIVE ENTRYPOINT LAYER...
write_foreign() {
  local name=$1 archive=$2 entrypoint=$3 digest
  shift 3
  digest=$(printf '%s\n' "$entrypoint" "$@" "$(cat "$LIBRARY/archives.sh")" | sha256sum)
  if [[ -e $archive && -e $archive.inputs && $(<"$archive.inputs") == "$digest" ]]; then
    say "$name unchanged"
    return
  fi
  write_archive "$archive" "agentoperator/$name:$VERSION" "$(configuration "$entrypoint")" "$@"
  echo "$digest" >"$archive.inputs"
  say "$name built ($(du -h "$archive" | cut -f 1))"
}

# newer_layer NAME PACKAGE,...: packages of the newer release and what they need; prints the layer's file.
newer_layer() {
  local layer CODENAME=$CODENAME SOURCE_FILES=() file name=$1-$FOREIGN_REVISION
  for layer in "$LAYERS/$1"-*; do [[ $layer == "$LAYERS/$name"* ]] || rm -rf "$layer"; done
  mkdir -p "$CACHE/build"
  file=$CACHE/build/$NEWER_RELEASE
  one_line_sources >"$file.list"
  stanza_sources >"$file.sources"
  # A mirror may hold the release of some weeks ago; then the machine's own apt is told not to mind its date.
  apt-config dump | grep '^Acquire::Check-' >"$file.conf" || true
  [[ ! -s $file.list ]] || SOURCE_FILES+=("$file.list")
  [[ ! -s $file.sources ]] || SOURCE_FILES+=("$file.sources")
  ((${#SOURCE_FILES[@]})) || unavailable "the machine's package sources name no release '$CODENAME'"
  SOURCE_FILES+=("--aptopt=$file.conf")
  CODENAME=$NEWER_RELEASE
  layer=$(debian_layer "$name" "base-files,libc6,ca-certificates,$2") ||
    unavailable "Debian cannot give $2 of its release $NEWER_RELEASE; see $CACHE/logs/$name-layer.log"
  echo "$layer"
}

# The machine's package sources for its own release, with the newer one instead: entries of one line, and stanzas.
one_line_sources() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -n "s/^\(deb .*\) $CODENAME main.*/\1 $NEWER_RELEASE main/p"
}

stanza_sources() {
  cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk -v from="$CODENAME" -v to="$NEWER_RELEASE" '
    BEGIN { RS = ""; ORS = "\n\n" }
    $0 ~ "(^|\n)Suites:([^\n]* )?" from "( |\n|$)" { gsub(/Suites:[^\n]*/, "Suites: " to); print }'
}

# npm_layer NAME PACKAGE@VERSION...: in /app/node_modules; prints the layer's file.
npm_layer() {
  local name=$1 layer=$LAYERS/$1-$FOREIGN_REVISION.tar root=$LAYERS/$1 log=$CACHE/logs/$1-layer.log
  shift
  [[ ! -e $layer ]] || { echo "$layer" && return; }
  say "installing from npm: $*"
  require_commands npm=npm
  clear_folder "$root"
  mkdir -p "$root/app"
  npm install --prefix "$root/app" --ignore-scripts --no-audit --no-fund --no-update-notifier "$@" >"$log" 2>&1 ||
    unavailable "npm cannot install $*: $(grep -m 1 'npm error' "$log"); see $log"
  chmod -R a+rX "$root"
  rm -f "$LAYERS/$name"-*.tar
  pack_layer "$root" "$layer"
  clear_folder "$root"
  echo "$layer"
}

# unavailable SENTENCE: ends the program.
unavailable() {
  say "$*"
  exit $UNAVAILABLE
}
