from django.apps import AppConfig


class RenderingConfig(AppConfig):
    name = "saphan.house.rendering"
    label = "rendering"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Registers what it holds of people, its reactions and its jobs.
        from saphan.house.rendering import jobs, privacy, reactions  # noqa: F401
