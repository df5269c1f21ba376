from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "veriga.activities"
    label = "activities"
