from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "veriga.catalogue"
    label = "catalogue"
