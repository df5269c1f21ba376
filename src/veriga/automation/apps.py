from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "veriga.automation"
    label = "automation"

    def ready(self) -> None:
        from veriga.automation.services.hearing import hear
        from veriga.setup.happenings import listen

        listen(hear)
