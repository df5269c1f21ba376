"""Whether the database is of this release."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from veriga.config.database import is_behind, require_current_database
from veriga.config.errors import UsageError

pytestmark = pytest.mark.django_db


def test_a_table_that_is_wanted_and_not_there_is_noticed() -> None:
    assert not is_behind()
    require_current_database()
    recorder = MigrationRecorder(connection)
    newest = recorder.migration_qs.filter(app="insight").order_by("name").last()
    recorder.record_unapplied("insight", newest.name)
    assert is_behind()
    with pytest.raises(UsageError, match="of another release"):
        require_current_database()
