from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "veriga.parties"
    label = "parties"
