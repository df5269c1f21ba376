"""What the tests of the API begin with: one company, and its people."""

from __future__ import annotations

import pytest

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.services import install_code_lists

from .client import Api


@pytest.fixture
def seller(db: None) -> User:
    """A salesperson in a team, with the code lists that everything needs."""
    install_code_lists()
    return make_user("Ana Novak", team=make_team(), language="en")


@pytest.fixture
def company(seller: User) -> Company:
    return make_company("Alpina, d. o. o.", owner=seller)


@pytest.fixture
def api(seller: User) -> Api:
    return Api(seller)


@pytest.fixture
def manager(seller: User) -> Api:
    return Api(make_user(role=Role.MANAGER, language="en"))


@pytest.fixture
def reader(seller: User) -> Api:
    """Somebody of the same team who may only read."""
    return Api(make_user(role=Role.READER, team=seller.team, language="en"))


@pytest.fixture
def outsider(seller: User) -> Api:
    """A salesperson of another team, who sees nothing of the company."""
    return Api(make_user(team=make_team(), language="en"))
