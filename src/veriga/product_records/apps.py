from django.apps import AppConfig


class ProductRecordsConfig(AppConfig):
    name = "veriga.product_records"
    label = "product_records"

    def ready(self) -> None:
        from veriga.activities.kinds import register

        from .services import ProductRecordKind

        register(ProductRecordKind())
