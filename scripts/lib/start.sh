# shellcheck shell=sh
# What every entry point in scripts/ begins with: its help, and the system packages.

scripts=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$scripts")

# help "$@": prints the comment at the top of the script and ends, when asked for.
help() {
  for word in "$@"; do
    case $word in
      -h | --help) sed -n '2,/^[^#]/ s/^# \{0,1\}//p' "$0"; exit 0 ;;
      --) return 0 ;;
    esac
  done
}

say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "scripts/$(basename "$0")" "$*" >&2; exit 1; }

# need_python: one sentence instead of a stack trace where Python is missing or too old.
need_python() {
  command -v python3 >/dev/null || fail "Python is not installed: run scripts/run once, or apt-get install python3."
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Yuli needs Python 3.11 or newer, and $(python3 --version) is first on the PATH: install a newer one."
}
