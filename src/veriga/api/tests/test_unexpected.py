"""What nobody foresaw is a problem too, and told to the log."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from veriga.parties.models import Company

from .client import Api
from .declared import assert_problem

pytestmark = pytest.mark.django_db


def test_it_is_json_and_logged(
    api: Api, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("the disk is gone")

    path = f"companies/{company.pk}"
    assert api.get(path).status == 200
    with (
        caplog.at_level(logging.ERROR),
        connection.execute_wrapper(
            lambda execute, sql, *rest: (
                broken() if "parties_company" in sql else execute(sql, *rest)
            )
        ),
    ):
        answer = api.get(path)
    assert_problem(answer, 500, "server_error")
    assert "the disk is gone" not in answer.text
    assert "the disk is gone" in caplog.text
