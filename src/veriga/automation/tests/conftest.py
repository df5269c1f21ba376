"""Who is there in tests of rules: the head of sales, a salesperson, her customer."""

from __future__ import annotations

import pytest

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company


@pytest.fixture
def head() -> User:
    return make_user("Nataša Golob", role=Role.MANAGER)


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Alpina Pak, d. o. o.", owner=maja)
