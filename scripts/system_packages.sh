#!/bin/sh
# See that what the tests need from the system is there: Chromium, PostgreSQL,
# Python's venv and a library. As root on Debian the missing packages are installed.
set -eu

missing=
if ! command -v chromium >/dev/null 2>&1; then
    missing="$missing chromium"
fi
# Playwright's own Node.js is linked with it; a bare Debian has it not.
if [ -x /sbin/ldconfig ] && ! /sbin/ldconfig -p | grep -q 'libatomic\.so\.1'; then
    missing="$missing libatomic1"
fi
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null 2>&1; then
    missing="$missing postgresql"
fi
if ! .venv/bin/python -c '' 2>/dev/null && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    missing="$missing python3-venv"
fi
if [ -z "$missing" ]; then
    exit 0
fi

if [ "$(id -u)" != 0 ] || ! grep -qx 'ID=debian' /etc/os-release 2>/dev/null; then
    echo "The tests need these packages of your system, please install them:$missing" >&2
    exit 2
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
echo "Installing from Debian:$missing"
# shellcheck disable=SC2086 # one word for each package
if ! { apt-get -q update && apt-get -q -y install --no-install-recommends $missing; } \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "Debian's packages could not be installed:$missing" >&2
    exit 2
fi
