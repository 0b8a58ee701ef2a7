# shellcheck shell=bash
# The root file system of the guests: a folder that they share and never write to. No package is run to make it.

# Its content changes with this file.
GUEST_ROOT=$BIN/guest-root-$(sha256sum "$LIBRARY/guest_root.sh" | cut -c 1-12)-$CODENAME
readonly GUEST_PACKAGES=bash,dash,coreutils,grep,sed,mawk,findutils,procps,kmod,mount,util-linux,iproute2,iptables,conntrack,socat,jq,libseccomp2
UML=$BIN/user-mode-linux/usr/bin/linux.uml

# What the guests' kernel needs on processors with AMX; see guest-registers.c.
GUEST_REGISTERS=$BIN/guest-registers-$(sha256sum "$LIBRARY/guest-registers.c" | cut -c 1-12).so

# need_guest_root: makes the folder, which takes about 20 s, once.
need_guest_root() {
  local new=$GUEST_ROOT.new log=$CACHE/logs/guest-root.log
  unpack_package user-mode-linux
  need_guest_registers
  [[ ! -e $GUEST_ROOT ]] || return 0
  say "making the guests' root file system"
  require_commands mmdebstrap=mmdebstrap depmod=kmod
  rm -rf "$BIN"/guest-root-*
  mkdir -p "$new"
  {
    mmdebstrap --variant=extract --format=tar "--include=$GUEST_PACKAGES" "$CODENAME" "$new.tar" "${SOURCE_FILES[@]}" &&
      tar -x -p --no-same-owner -C "$new" "${LEFT_OUT[@]/#/--exclude=}" -f "$new.tar" &&
      mkdir -p "$new/lib/modules" &&
      cp -r "$BIN"/user-mode-linux/usr/lib/uml/modules/* "$new/lib/modules/" &&
      depmod --basedir "$new" "$(basename "$BIN"/user-mode-linux/usr/lib/uml/modules/*)"
  } >"$log" 2>&1 || show_log_and_fail "$log" "could not make the guests' root file system"
  rm "$new.tar"
  finish_guest_root "$new"
  mv "$new" "$GUEST_ROOT"
}

need_guest_registers() {
  local log=$CACHE/logs/guest-registers.log
  if ! has_large_registers || [[ -e $GUEST_REGISTERS ]]; then return 0; fi
  install_packages gcc libc6-dev
  rm -f "$BIN"/guest-registers-*
  gcc -O2 -shared -fPIC -o "$GUEST_REGISTERS.new" "$LIBRARY/guest-registers.c" >"$log" 2>&1 ||
    show_log_and_fail "$log" "could not compile guest-registers.c"
  mv "$GUEST_REGISTERS.new" "$GUEST_REGISTERS"
}

has_large_registers() { grep -qw amx_tile /proc/cpuinfo; }

# finish_guest_root FOLDER: what the packages' scripts would have done, the places where something is mounted, and the first program.
finish_guest_root() {
  local root=$1 program
  mkdir -p "$root"/{proc,sys,dev,run,tmp,guest,programs,images,var/lib,var/log,root}
  rm -rf "$root/var/run"
  ln -s ../run "$root/var/run"
  ln -sfn dash "$root/bin/sh"
  ln -sfn mawk "$root/usr/bin/awk"
  # The kernel has no nf_tables.
  for program in iptables iptables-save iptables-restore; do ln -sfn xtables-legacy-multi "$root/usr/sbin/$program"; done
  printf '%s\n' 'root:x:0:0:root:/root:/bin/bash' >"$root/etc/passwd"
  printf '%s\n' 'root:x:0:' >"$root/etc/group"
  printf '%s\n' '127.0.0.1 localhost' >"$root/etc/hosts"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
  : >"$root/etc/resolv.conf"
  # The kernel hands the word guest=FOLDER of its command line to the first program as a variable.
  # shellcheck disable=SC2016 # expanded in the guest
  printf '%s\n' '#!/bin/sh' 'mount -t hostfs -o "$guest" none /guest && exec /bin/bash /guest/init' >"$root/sbin/guest-init"
  chmod 0755 "$root/sbin/guest-init"
}
