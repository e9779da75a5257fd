# shellcheck shell=sh
# What every entry point in scripts/ begins with: its help, and the system packages.

scripts=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$scripts")

# help "$@": prints the comment at the top of the script and ends, when asked for.
help() {
  for word in "$@"; do
    case $word in
      -h | --help)
        sed -n '2,/^[^#]/ s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
      --) return 0 ;;
    esac
  done
}

fail() {
  printf '%s: %s\n' "scripts/$(basename "$0")" "$*" >&2
  exit 1
}

# need_python: one sentence instead of a stack trace where Python is missing or too old.
need_python() {
  command -v python3 >/dev/null || fail "Python is not installed: apt-get install python3 python3-venv."
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Yuli needs Python 3.11 or newer, but the first on the PATH is $(python3 --version): install a newer one."
}

# wanted_packages COMMAND: the names of apt.txt that COMMAND needs on this system.
wanted_packages() {
  system=$(. /etc/os-release 2>/dev/null && echo "$ID ${ID_LIKE:-}")
  sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$root/apt.txt" | while read -r line; do
    case $line in
      \[*)
        wanted=yes
        for word in $(echo "$line" | sed 's/^\[\(.*\)\].*/\1/'); do
          case $word in
            test) [ "$1" = test ] || wanted=no ;;
            ubuntu) case $system in *ubuntu*) ;; *) wanted=no ;; esac ;;
            debian) case $system in *ubuntu*) wanted=no ;; esac ;;
          esac
        done
        [ $wanted = no ] || echo "${line##*\] }"
        ;;
      *) echo "$line" ;;
    esac
  done
}

# install_packages COMMAND: installs what apt.txt names and this system lacks; nothing to do takes no time and no rights.
install_packages() {
  command -v dpkg-query >/dev/null ||
    fail "This is not Debian or Ubuntu: install what apt.txt names by your system's means, then use docker compose up."
  missing=
  for package in $(wanted_packages "$1"); do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "Some system packages are missing; have root run: apt-get install$missing"
    as_root=sudo
  fi
  printf 'System packages:%s\n' "$missing"
  # shellcheck disable=SC2086  # a list of words
  $as_root sh "$scripts/lib/install-packages.sh" $missing ||
    fail "The system packages could not be installed; apt's own words are above. Try: apt-get install$missing"
}

# need_setup: for the small commands, which set nothing up themselves.
need_setup() {
  need_python
  [ -x "$root/.venv/bin/python" ] && [ -e "$root/.yuli/env" ] ||
    fail "Nothing is set up yet: run scripts/run, scripts/test or scripts/check once."
  set -a
  # shellcheck source=/dev/null
  . "$root/.yuli/env"
  set +a
}
