#!/bin/sh
# Make .venv-pm4py: pm4py, with which one test compares the process map. It is under the
# AGPL, so it is never installed beside Veriga and runs in a process of its own.
set -eu

lock=requirements/pm4py.txt
if cmp -s "$lock" .venv-pm4py/lock.txt; then
    exit 0
fi
echo "Making .venv-pm4py for the test that compares the process map with pm4py"
rm -rf .venv-pm4py
.venv/bin/python -m venv .venv-pm4py
.venv-pm4py/bin/python -m pip --disable-pip-version-check --no-input -q install \
    --require-hashes --only-binary :all: -r "$lock"
# Last, so that an environment half made is made anew.
cp "$lock" .venv-pm4py/lock.txt
