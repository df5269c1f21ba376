from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "veriga.tasks"
    label = "tasks"

    def ready(self) -> None:
        from veriga.activities.kinds import register

        from .services import TaskKind

        register(TaskKind())
