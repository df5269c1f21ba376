from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "veriga.documents"
    label = "documents"
