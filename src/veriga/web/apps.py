from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "veriga.web"
    label = "web"
