from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "veriga.history"
    label = "history"
