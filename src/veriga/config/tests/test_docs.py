"""The operator's guide names every environment variable and every command."""

from __future__ import annotations

import re
from pathlib import Path

from veriga.config import settings
from veriga.config.cli import make_parser

SOURCE = Path(settings.__file__)
GUIDE = SOURCE.parents[3] / "docs" / "operators-guide.md"


def test_every_variable_is_documented():
    pattern = r'env(?:_bool|_int|_list)?\(\s*"([A-Z_]+)"'
    read = set(re.findall(pattern, SOURCE.read_text(encoding="utf-8")))
    text = GUIDE.read_text(encoding="utf-8")
    assert len(read) > 12
    assert {name for name in read if f"`{name}`" not in text} == set()


def test_every_command_is_documented():
    text = GUIDE.read_text(encoding="utf-8")
    commands = re.findall(r"^    (\w+) ", make_parser().format_help(), re.MULTILINE)
    assert len(commands) == 12
    assert {name for name in commands if f"| `{name}" not in text} == set()
