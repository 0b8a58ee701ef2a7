# shellcheck shell=bash
# The processes of a cluster. Each is recorded with its start time, so that a process id that was given to somebody else is never signalled.

# start_time PID: the 22nd field of stat; the second, the name, may hold spaces.
start_time() {
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra fields <<<"${stat##*) }"
  # A zombie has ended.
  [[ ${fields[0]} != Z ]] || return 1
  echo "${fields[19]}"
}

# pid_of COMPONENT: prints its process id when it runs.
pid_of() {
  local pid started
  read -r pid started 2>/dev/null <"$RUN/$1.pid" || return 1
  [[ $(start_time "$pid") == "$started" ]] && echo "$pid"
}

is_running() { pid_of "$1" >/dev/null; }

# define COMPONENT COMMAND...: remembers how it is started.
define() {
  local component=$1
  shift
  printf '%q ' "$@" >"$RUN/$component.command"
}

defined_components() {
  local file
  for file in "$RUN"/*.command; do
    [[ ! -e $file ]] || basename "$file" .command
  done
}

require_component() {
  [[ -e $RUN/$1.command ]] || fail "cluster '$NAME' has no component '$1'; it has: $(defined_components | tr '\n' ' ')"
}

# start COMPONENT: in a session of its own, so that it outlives the shell; in the cluster's network namespace when it has a node.
start() {
  local component=$1 command=() prefix=()
  is_running "$component" && return
  eval "command=($(<"$RUN/$component.command"))"
  [[ $VARIANT == node ]] && prefix=(nsenter "--net=/run/netns/$NETWORK_NAMESPACE")
  setsid "${prefix[@]}" "${command[@]}" </dev/null >>"$LOGS/$component.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
  local pid=$!
  echo "$pid $(start_time "$pid" || echo 0)" >"$RUN/$component.pid"
  disown "$pid"
}

# signal SIGNAL COMPONENT: to its whole process group.
signal() {
  local pid
  pid=$(pid_of "$2") || fail "$2 of cluster '$NAME' does not run"
  kill -s "$1" -- "-$pid"
}

# freeze STOP|CONT COMPONENT. Of a guest only the kernel: the other processes of its group are those that it traces, and they stop with it.
freeze() {
  local pid
  is_guest "$2" || { signal "$1" "$2" && return; }
  pid=$(pid_of "$2") || fail "$2 of cluster '$NAME' does not run"
  kill -s "$1" "$pid"
}

has_ended() { ! is_running "$1"; }

# stop COMPONENT [SECONDS]: SIGTERM (a paused one goes on to hear it), then SIGKILL. kube-apiserver would take a minute as long as anybody
# watches.
stop() {
  local component=$1 deadline=$((SECONDS + ${2:-10})) pid
  pid=$(pid_of "$component") || return 0
  kill -TERM -- "-$pid" 2>/dev/null || true
  kill -CONT -- "-$pid" 2>/dev/null || true
  while is_running "$component"; do
    ((SECONDS < deadline)) || kill -KILL -- "-$pid" 2>/dev/null || true
    ((SECONDS < deadline + 10)) || fail "$component cannot be killed"
    sleep 0.1
  done
}

# await_ready COMPONENT: those that others talk to are up when they answer.
await_ready() {
  case $1 in
    kube-apiserver) wait_for "$1" 90 apiserver_is_ready ;;
    containerd) wait_for "$1" 60 ctr version ;;
    node-*) await_guest "$1" ;;
  esac
}

# wait_for COMPONENT SECONDS COMMAND...: until the command succeeds; ends with the component's log when it dies or is too late.
wait_for() {
  local component=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    is_running "$component" || show_log_and_fail "$LOGS/$component.log" "$component ended"
    ((SECONDS < deadline)) || show_log_and_fail "$LOGS/$component.log" "$component is not ready in time"
    sleep 0.2
  done
}
