from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "veriga.access"
    label = "access"
