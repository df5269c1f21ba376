"""Run every check that needs no test: format, lint, types, contracts and the like.

python scripts/check.py [name ...]

All of them run, whatever fails; the exit code is 1 if any did.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
TEMPLATES = "src/veriga/web/templates"
MANAGE = [str(BIN / "veriga"), "manage"]

CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "lint": [str(BIN / "ruff"), "check", "."],
    "types": [str(BIN / "mypy")],
    "contracts": [str(BIN / "lint-imports"), "--no-cache"],
    "templates": [str(BIN / "djlint"), TEMPLATES, "--lint", "--quiet"],
    "django": [*MANAGE, "check", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "scripts/messages.py", "check"],
    "files": [PYTHON, "scripts/files.py"],
}


def run(name: str, home: str) -> bool:
    """Return whether the check passed; its output is shown if it did not."""
    began = time.monotonic()
    environment = {
        key: value
        for key, value in os.environ.items()
        if key != "DATABASE_URL" and not key.startswith("VERIGA_")
    }
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env={**environment, "VERIGA_HOME": home},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    seconds = time.monotonic() - began
    print(f"{'ok  ' if passed else 'FAIL'}  {name}  {seconds:.1f} s", flush=True)
    if not passed:
        print(done.stdout, flush=True)
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", nargs="*", metavar="name", help=", ".join(CHECKS))
    names = parser.parse_args().name or list(CHECKS)
    unknown = sorted(set(names) - set(CHECKS))
    if unknown:
        parser.error(f"no such check: {', '.join(unknown)}")
    # The checks read settings and models, never an installation's database.
    with tempfile.TemporaryDirectory(prefix="veriga-check-") as home:
        failed = [name for name in names if not run(name, home)]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
