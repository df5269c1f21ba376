from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "veriga.demo"
    label = "demo"
