#!/usr/bin/env bash
# A throw-away PostgreSQL with pgvector for the tests, from the PyPI package `pgserver`: no system packages, no Docker.
#
#   eval "$(scripts/postgres-for-tests.sh start [NAME])"   prints `export TEST_DATABASE_URL=…`
#   scripts/postgres-for-tests.sh stop [NAME]              ends it and removes its folder
#
# NAME keeps several clusters apart (default: "default"). Starting one that runs prints its URL again.
set -euo pipefail

command=${1:-}
name=${2:-default}
[[ $name =~ ^[A-Za-z0-9_-]{1,40}$ ]] || { echo "NAME may hold letters, digits, - and _" >&2; exit 64; }

# initdb refuses root, and an unprivileged user cannot read below /root: so root keeps the binaries elsewhere.
if [[ $(id -u) -eq 0 ]]; then
  cache=/var/tmp/feedback-triage-tests
  for candidate in postgres nobody; do
    if id "$candidate" >/dev/null 2>&1; then owner=$candidate; break; fi
  done
  as_owner() { runuser -u "$owner" -- "$@"; }
else
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/feedback-triage
  owner=$(id -un)
  as_owner() { "$@"; }
fi
state=$cache/postgres-$name.state

find_python() {
  # pgserver publishes wheels for CPython 3.9 to 3.12.
  for python in python3.12 python3.11 python3.10 python3.9 python3; do
    if command -v "$python" >/dev/null && "$python" -c 'import venv' 2>/dev/null; then echo "$python"; return; fi
  done
  echo "no Python 3.9 to 3.12 with the venv module was found" >&2
  return 1
}

install_binaries() {
  local venv=$cache/pgserver
  if [[ ! -e $venv/ready ]]; then
    rm -rf "$venv"
    "$(find_python)" -m venv "$venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'pgserver==0.1.4' >&2
    touch "$venv/ready"
  fi
  bin=$(echo "$venv"/lib/python3*/site-packages/pgserver/pginstall/bin)
  [[ -x $bin/initdb ]] || { echo "pgserver came without initdb" >&2; exit 70; }
}

free_port() {
  "$cache/pgserver/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

print_url() { echo "export TEST_DATABASE_URL=postgres://postgres@127.0.0.1:$1/triage_test"; }

start() {
  mkdir -p "$cache"
  chmod 755 "$cache"
  # One start at a time: two would install over each other or overwrite each other's state.
  exec 9>"$cache/lock"
  if command -v flock >/dev/null; then flock 9; fi
  install_binaries
  if [[ -f $state ]]; then
    read -r folder port <"$state"
    if "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then print_url "$port"; return; fi
    stop
  fi
  folder=$(mktemp -d "${TMPDIR:-/tmp}/triage-postgres.XXXXXX")
  [[ $(id -u) -ne 0 ]] || chown "$owner" "$folder"
  chmod 700 "$folder"
  cd "$folder" 2>/dev/null || cd /
  as_owner "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
  port=$(free_port)
  # 9>&-: the server must not inherit the start lock.
  as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -s start -o \
    "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories='' -c fsync=off -c max_connections=200" 9>&- >&2 ||
    { cat "$folder/log" >&2; exit 70; }
  echo "$folder $port" >"$state"
  "$bin/createdb" -h 127.0.0.1 -p "$port" -U postgres triage_test
  "$bin/psql" -q -h 127.0.0.1 -p "$port" -U postgres -d triage_test -c 'create extension vector'
  print_url "$port"
}

stop() {
  [[ -f $state ]] || { echo "no cluster named $name is known" >&2; return 0; }
  read -r folder _ <"$state"
  bin=$(echo "$cache"/pgserver/lib/python3*/site-packages/pgserver/pginstall/bin)
  if [[ -f $folder/data/postmaster.pid ]]; then
    (cd / && as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w -s stop >&2) || true
  fi
  rm -rf "$folder"
  rm -f "$state"
}

case $command in
  start | stop) "$command" ;;
  *) echo "usage: $0 start|stop [NAME]" >&2; exit 64 ;;
esac
