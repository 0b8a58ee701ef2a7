# shellcheck shell=bash
# Kernel settings of the host that a node changes (the kubelet does, unasked); they come back when the last node goes.

readonly KERNEL_SETTINGS=(
  net/ipv4/ip_forward vm/overcommit_memory vm/panic_on_oom
  kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes
)

remember_kernel_settings() {
  local setting
  [[ ! -e $CACHE/clusters/kernel-settings ]] || return 0
  for setting in "${KERNEL_SETTINGS[@]}"; do
    echo "$setting $(<"/proc/sys/$setting")"
  done >"$CACHE/clusters/kernel-settings"
}

# restore_kernel_settings: to be called when this cluster's settings file is gone.
restore_kernel_settings() {
  local setting value
  [[ -e $CACHE/clusters/kernel-settings ]] || return 0
  ! grep -qs '^VARIANT=node$' "$CACHE"/clusters/*/settings || return 0
  while read -r setting value; do
    [[ $(<"/proc/sys/$setting") == "$value" ]] || echo "$value" >"/proc/sys/$setting"
  done <"$CACHE/clusters/kernel-settings"
  rm "$CACHE/clusters/kernel-settings"
}
