from django.apps import AppConfig


class WordingConfig(AppConfig):
    name = "saphan.house.wording"
    label = "wording"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.signals import request_started

        from saphan.house import engine
        from saphan.house.wording import effect, privacy  # noqa: F401  registers what it holds

        engine.follow(effect.source)
        request_started.connect(engine.look_again, dispatch_uid="wording")
