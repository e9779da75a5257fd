#!/bin/sh
# Installs the named packages as root, and keeps their system services from starting: Yuli runs its own.
set -eu
log=$(mktemp)
policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/yuli.conf
began=$(date +%s)

tidy() {
  [ -z "${our_policy:-}" ] || rm -f "$policy"
  [ -z "${our_cluster:-}" ] || rm -f "$cluster"
  rm -f "$log"
}
trap tidy EXIT
trap 'exit 130' INT TERM

if [ ! -e "$policy" ]; then # no service starts because its package was installed
  our_policy=1
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then # nor is a system database made
  our_cluster=1
  mkdir -p "$(dirname "$cluster")"
  echo 'create_main_cluster = false' >"$cluster"
fi
had_redis=$(dpkg-query -W -f='${db:Status-Status}' redis-server 2>/dev/null || true)

# quietly WORD COMMAND...: runs it with a sign of life every few seconds; shows what it said only when it fails.
quietly() {
  printf '  %s ' "$1"
  shift
  "$@" >"$log" 2>&1 </dev/null &
  running=$!
  ticks=0
  while kill -0 "$running" 2>/dev/null; do
    sleep 1
    ticks=$((ticks + 1))
    [ $((ticks % 5)) != 0 ] || printf .
  done
  if wait "$running"; then
    printf ' done\n'
  else
    printf ' failed\n'
    tail -n 25 "$log"
    return 1
  fi
}

export DEBIAN_FRONTEND=noninteractive
quietly "looking up" apt-get update -q -o DPkg::Lock::Timeout=300
quietly "installing" apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@"
if [ "$had_redis" != installed ] && command -v systemctl >/dev/null; then
  systemctl --quiet disable redis-server 2>/dev/null || true # it would start at the next boot
fi
printf '  %s s\n' "$(($(date +%s) - began))"
