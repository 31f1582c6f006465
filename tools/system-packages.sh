#!/bin/sh
# Sees to it that what pip cannot bring is there: system-packages.sh COMMAND-OR-LIBRARY=PACKAGE...
# Installs with apt when root, else says in one line what to install.
set -eu
missing=""
for pair in "$@"; do
    name=${pair%%=*}
    package=${pair#*=}
    case $name in
        lib*.so*) ldconfig -p 2>/dev/null | grep -q "$name" || missing="$missing $package" ;;
        *) command -v "$name" >/dev/null 2>&1 || missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing with apt ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >/dev/null
else
    echo "Please install first:$missing (on Debian or Ubuntu: sudo apt-get install$missing)" >&2
    exit 1
fi
