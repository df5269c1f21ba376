#!/bin/sh
# Write the lock files anew: requirements/*.txt and package-lock.json. Neither names an
# index, so they work behind any mirror. With --upgrade, take the newest releases.
set -eu

uv=.venv/bin/uv
if [ ! -x "$uv" ]; then
    .venv/bin/python -m pip --disable-pip-version-check --no-input -q install uv
fi

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header "$@" >/dev/null
}

compile "$@" pyproject.toml -o requirements/runtime.txt
compile "$@" --group build -c requirements/runtime.txt -o requirements/build.txt
compile "$@" --group node -o requirements/node.txt
compile "$@" --group pm4py -o requirements/pm4py.txt
compile "$@" pyproject.toml --group dev \
    -c requirements/runtime.txt -c requirements/build.txt -o requirements/development.txt

# package.json names exact releases; only what those need can move.
if [ "${1-}" = --upgrade ]; then
    rm -f package-lock.json
fi
sh scripts/npm.sh install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error
