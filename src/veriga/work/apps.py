from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "veriga.work"
    label = "work"
