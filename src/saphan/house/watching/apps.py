from django.apps import AppConfig


class WatchingConfig(AppConfig):
    name = "saphan.house.watching"
    label = "watching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from saphan.ground import jobs
        from saphan.house.watching import following, privacy, telling  # noqa: F401  chores

        # After each fact: what does it mean for those who wait for something?
        jobs.catches_up(following.catch_up)
