from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "veriga.setup"
    label = "setup"
