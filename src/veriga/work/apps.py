from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkConfig(AppConfig):
    name = "veriga.work"
    label = "work"

    def ready(self) -> None:
        from veriga.work.services.indexing import listen_to_all

        post_migrate.connect(_index_custom_fields, sender=self)
        post_migrate.connect(_prepare_search, sender=self)
        listen_to_all()


def _index_custom_fields(**_: Any) -> None:
    # A migration may write a table anew, and what Django does not know of is gone then.
    from veriga.work.services.custom_fields import index_custom_fields

    index_custom_fields()


def _prepare_search(**_: Any) -> None:
    # The migration that makes the tables of words cannot fill them: it imports no code.
    from veriga.work.services.indexing import prepare_search

    prepare_search()
