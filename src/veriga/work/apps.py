from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkConfig(AppConfig):
    name = "veriga.work"
    label = "work"

    def ready(self) -> None:
        post_migrate.connect(_index_custom_fields, sender=self)


def _index_custom_fields(**_: Any) -> None:
    # A migration may write a table anew, and what Django does not know of is gone then.
    from veriga.work.services.custom_fields import index_custom_fields

    index_custom_fields()
