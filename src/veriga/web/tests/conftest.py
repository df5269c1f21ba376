"""Who and what most tests of pages begin with; a file may have its own instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import pytest
from django.test import Client

from veriga.access.models import User
from veriga.access.tests.factories import make_team, make_user
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.preferences import WorkingTime
from veriga.setup.services import install_code_lists

from .clients import signed_in


@pytest.fixture
def maja() -> User:
    """A saleswoman; the code lists are there."""
    install_code_lists()
    return make_user("Maja Kovač", team=make_team(), language="sl")


@pytest.fixture
def company(maja: User) -> Company:
    """A company of hers."""
    return make_company("Alpina Pak, d. o. o.", owner=maja)


@pytest.fixture
def web(maja: User) -> Client:
    """Her browser."""
    return signed_in(maja)


@pytest.fixture(scope="module")
def usual_working_time() -> Iterator[None]:
    """The usual working time without asking a database, for tests that draw."""
    usual = WorkingTime("SI", time(8), time(16))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("veriga.setup.working.working_time", lambda: usual)
        yield
