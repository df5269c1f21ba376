"""Say which files of the repository are too large, or look as if they held a secret."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST_BYTES = 512 * 1024
SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    rb"|\bAKIA[0-9A-Z]{16}\b"
    rb"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    rb"|\b(?:postgres|postgresql)://[^\s:/@\"'{<]+:[^\s@\"'{<]{3,}@(?!localhost\b|example\b)"
)


def problems(path: Path) -> list[str]:
    """Return what is wrong with one file."""
    content = path.read_bytes()
    found = []
    if len(content) > LARGEST_BYTES:
        found.append(f"is larger than {LARGEST_BYTES // 1024} kB")
    if SECRETS.search(content):
        found.append("seems to hold a key or a password")
    return found


def main() -> int:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        print("This is not a git repository: nothing to look at.")
        return 0
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    found = [
        f"{path.relative_to(ROOT)} {problem}"
        for path in sorted(paths)
        if path.is_file()
        for problem in problems(path)
    ]
    print("\n".join(found) or f"{len(paths)} files are in order.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
