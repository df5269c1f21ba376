from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "veriga.events"
    label = "events"

    def ready(self) -> None:
        from veriga.activities.kinds import register

        from .services import EventKind

        register(EventKind())
