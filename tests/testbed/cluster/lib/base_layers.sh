# shellcheck shell=bash
# The layers below an image's own files, kept in $LAYERS: the libraries that .NET needs, the same with a shell and the usual tools, and
# the machine's .NET runtime. No package is run to make them, so no root file system is entered.

LAYERS=$CACHE/images/layers
# What is packed below changes with this file.
LAYERS_REVISION=$(sha256sum "$LIBRARY/base_layers.sh" | cut -c 1-12)
CODENAME=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
readonly LIBRARY_PACKAGES=libc6,libstdc++6,libgcc-s1,libssl3,zlib1g,ca-certificates,tzdata
# What a model expects of a shell.
readonly TOOL_PACKAGES=dash,bash,coreutils,grep,sed,findutils,mawk,diffutils,tar,gzip,procps,curl,jq

library_layer() { debian_layer libraries "$LIBRARY_PACKAGES"; }

tools_layer() { debian_layer tools "$LIBRARY_PACKAGES,$TOOL_PACKAGES"; }

# debian_layer NAME PACKAGES: prints the layer's file.
debian_layer() {
  local layer=$LAYERS/$1-$LAYERS_REVISION-$CODENAME.tar root=$LAYERS/$1 log=$CACHE/logs/$1-layer.log
  [[ ! -e $layer ]] || { echo "$layer" && return; }
  say "packing the base layer '$1'"
  require_commands mmdebstrap=mmdebstrap
  clear_folder "$root"
  mkdir -p "$root"
  # By way of a file: in a pipe, the reader may stop before the padding at the archive's end is written, which mmdebstrap takes for a failure.
  {
    as_root mmdebstrap --variant=extract --format=tar "--include=$2" "$CODENAME" "$root.tar" "${SOURCE_FILES[@]}" &&
      tar -x -p --no-same-owner -C "$root" "${LEFT_OUT[@]/#/--exclude=}" -f "$root.tar"
  } >"$log" 2>&1 || show_log_and_fail "$log" "could not make the base layer '$1'"
  rm -f "$root.tar"
  finish_root "$root"
  rm -f "$LAYERS/$1"-*.tar
  pack_layer "$root" "$layer"
  clear_folder "$root"
  echo "$layer"
}

mapfile -t SOURCE_FILES < <(compgen -G '/etc/apt/sources.list'; compgen -G '/etc/apt/sources.list.d/*.list'; compgen -G '/etc/apt/sources.list.d/*.sources'; true)

# What belongs to the machine or only to a whole system.
readonly LEFT_OUT=(
  './dev/*' './etc/apt' './etc/hostname' './etc/resolv.conf' './etc/fstab' './var/lib/apt' './var/cache/*' './var/log/*'
  # Perl is there for packages' scripts.
  './usr/bin/*perl*' './usr/lib/*/*perl*' './usr/share/perl*' './usr/share/perl5'
  './usr/share/man' './usr/share/info' './usr/share/locale' './usr/share/doc/*/changelog*' './usr/share/doc/*/NEWS*'
)

# finish_root FOLDER: what the packages' scripts would have done.
finish_root() {
  local root=$1
  mkdir -p "$root/tmp" "$root/proc" "$root/sys" "$root/dev" "$root/app" "$root/etc/ssl/certs" "$root/home/nonroot"
  chmod 1777 "$root/tmp"
  cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
  printf '%s\n' 'root:x:0:0:root:/root:/usr/sbin/nologin' 'nonroot:x:65532:65532:nonroot:/home/nonroot:/bin/sh' >"$root/etc/passwd"
  printf '%s\n' 'root:x:0:' 'nonroot:x:65532:' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  [[ ! -e $root/bin/dash ]] || ln -sf dash "$root/bin/sh"
  [[ ! -e $root/usr/bin/mawk ]] || ln -sf mawk "$root/usr/bin/awk"
}

# clear_folder FOLDER: read-only folders inside are no obstacle.
clear_folder() {
  [[ ! -e $1 ]] || chmod -R u+rwX "$1"
  rm -rf "${1:?}"
}

# runtime_layer: the newest ASP.NET Core runtime of the machine with the major version that the projects target; prints the layer's file.
runtime_layer() {
  local major version folder layer root=$LAYERS/runtime name
  command -v dotnet >/dev/null || fail "dotnet is missing: install the .NET SDK that global.json names"
  major=$(sed -n 's#.*<TargetFramework>net\([0-9]*\)\..*#\1#p' "$PROJECT/Directory.Build.props")
  read -r version folder < <(dotnet --list-runtimes | sed -n "s#^Microsoft.AspNetCore.App \($major\.[^ ]*\) \[\(.*\)/shared/.*\]#\1 \2#p" | sort -V | tail -n 1) ||
    fail "no ASP.NET Core runtime $major on this machine"
  layer=$LAYERS/runtime-$LAYERS_REVISION-$version.tar
  [[ ! -e $layer ]] || { echo "$layer" && return; }
  say "packing the .NET runtime $version"
  rm -rf "$root"
  mkdir -p "$root/usr/share/dotnet/host/fxr" "$root/usr/bin"
  cp "$folder/dotnet" "$root/usr/share/dotnet/"
  cp -r "$folder/host/fxr/$version" "$root/usr/share/dotnet/host/fxr/"
  for name in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    mkdir -p "$root/usr/share/dotnet/shared/$name"
    cp -r "$folder/shared/$name/$version" "$root/usr/share/dotnet/shared/$name/"
  done
  ln -s ../share/dotnet/dotnet "$root/usr/bin/dotnet"
  chmod -R a+rX "$root"
  rm -f "$LAYERS"/runtime-*.tar
  pack_layer "$root" "$layer"
  rm -r "$root"
  echo "$layer"
}
