"""The lock files: complete, in agreement, and silent about where packages come from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Return the release of each package that a requirements file names."""
    return dict(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text()))


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_every_package_is_pinned_and_hashed(path: Path) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", path.read_text(), flags=re.MULTILINE)
    named = [entry for entry in entries if PIN.match(entry)]
    assert named
    assert all("--hash=sha256:" in entry for entry in named)


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_no_index_is_named(path: Path) -> None:
    assert not re.search(r"https?://|--index|--find-links", path.read_text())


@pytest.mark.parametrize("other", ["runtime", "build"])
def test_development_has_the_same_releases(other: str) -> None:
    development = pins("development")
    for name, release in pins(other).items():
        assert development[name] == release, name


def test_every_dependency_is_locked() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert block is not None
    wanted = re.findall(r'"([\w-]+)', block.group(1))
    assert wanted
    assert not set(wanted) - set(pins("runtime"))


def test_browser_packages_are_exact_and_name_no_registry() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, release in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == release
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name
