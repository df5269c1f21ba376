from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "veriga.api"
    label = "api"
