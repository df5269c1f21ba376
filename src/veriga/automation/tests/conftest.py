"""What the tests of rules leave behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from veriga.automation.queries.rules import forget_rules


@pytest.fixture(autouse=True)
def no_kept_rules() -> Iterator[None]:
    """Let no test know the rules of another one."""
    forget_rules()
    yield
    forget_rules()
