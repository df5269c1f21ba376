from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "veriga.quotes"
    label = "quotes"

    def ready(self) -> None:
        from veriga.activities.kinds import register

        from .services import QuoteKind

        register(QuoteKind())
