from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "saphan.house"
    label = "house"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from saphan.house import registry

        registry.open_rooms()
