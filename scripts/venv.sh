#!/bin/sh
# Make .venv with the first Python that is new enough. PYTHON names another one.
set -eu

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

chosen=
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if new_enough "$python"; then
        chosen=$python
        break
    fi
done
if [ -z "$chosen" ]; then
    echo "Veriga needs Python 3.11 or newer; install it, or name it: make install PYTHON=/path/to/python3" >&2
    exit 2
fi
if ! "$chosen" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "Python's venv is missing; install it (on Debian: apt-get install python3-venv) and run this again." >&2
    exit 2
fi

# An environment whose Python has gone or is too old is made anew.
if [ -e .venv ] && ! new_enough .venv/bin/python; then
    rm -rf .venv
fi
echo "Making .venv with $("$chosen" --version)"
"$chosen" -m venv .venv
