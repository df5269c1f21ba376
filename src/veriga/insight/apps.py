from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "veriga.insight"
    label = "insight"
