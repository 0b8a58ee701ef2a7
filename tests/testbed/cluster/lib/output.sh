# shellcheck shell=bash
# Lines for a human: what is done, how far it is, what is wrong.

PROGRAM=${PROGRAM:-cluster}

say() { printf '%s: %s\n' "$PROGRAM" "$*" >&2; }

# fail SENTENCE: ends the program.
fail() {
  say "$*"
  exit 1
}

# show_log_and_fail FILE SENTENCE: the last lines of a tool's log say why it failed.
show_log_and_fail() {
  local file=$1
  shift
  tail -n 20 "$file" >&2 || true
  fail "$* (whole log: $file)"
}

# wait_until SECONDS WHAT COMMAND...: polls the command until it succeeds; returns 1 with a sentence at the deadline.
wait_until() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= deadline)); then
      say "waited in vain for $what"
      return 1
    fi
    sleep 0.2
  done
}
