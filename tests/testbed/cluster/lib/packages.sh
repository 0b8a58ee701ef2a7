# shellcheck shell=bash
# Debian packages: installed when a command needs them, or unpacked beside the system when installing would disturb it.

# as_root COMMAND...: runs it as root, through sudo when we are not root.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "'$1' must run as root: become root or install sudo"
  fi
}

has_apt() { command -v apt-get >/dev/null; }

# update_package_lists: at most every half hour.
update_package_lists() {
  local log=$CACHE/logs/apt-update.log stamp=$CACHE/logs/apt-updated
  [[ -z $(find "$stamp" -mmin -30 2>/dev/null) ]] || return 0
  mkdir -p "$CACHE/logs"
  as_root apt-get update >"$log" 2>&1 || show_log_and_fail "$log" "apt-get update failed"
  touch "$stamp"
}

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# install_packages PACKAGE...: only packages that start no service by themselves; the others go through unpack_package.
install_packages() {
  local missing=() package log=$CACHE/logs/apt-install.log
  has_apt || fail "this machine has no apt-get; install what these Debian packages hold: $*"
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing packages: ${missing[*]}"
  update_package_lists
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
    show_log_and_fail "$log" "could not install ${missing[*]}"
}

# require_commands COMMAND=PACKAGE...: installs the package of each command that is not there.
require_commands() {
  local pair packages=()
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || packages+=("${pair#*=}")
  done
  ((${#packages[@]} == 0)) || install_packages "${packages[@]}"
}

# unpack_package PACKAGE: unpacks it under $BIN/PACKAGE without installing it. containerd, runc and etcd come this way: installed, they
# would start services, and they conflict with the packages of a Docker that may be there.
unpack_package() {
  local package=$1 work archive log=$CACHE/logs/$1.log
  [[ -e $BIN/$package ]] && return
  has_apt || fail "this machine has no apt-get; it is needed to fetch the Debian package $package"
  say "fetching package $package"
  work=$(mktemp -d)
  # Only lists that are missing or old need root.
  download_package "$package" "$work" >"$log" 2>&1 || {
    update_package_lists
    download_package "$package" "$work" >"$log" 2>&1 || show_log_and_fail "$log" "could not fetch the package $package"
  }
  archive=$(echo "$work"/*.deb)
  local folder
  folder=$(basename "$archive" .deb)
  rm -rf "${BIN:?}/$folder"
  dpkg-deb -x "$archive" "$BIN/$folder"
  ln -sfn "$folder" "$BIN/$package"
  rm -rf "$work"
}

download_package() { (cd "$2" && apt-get download -o APT::Sandbox::User=root "$1"); }
