from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "saphan.house"
    label = "house"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from saphan.ground import jobs
        from saphan.house import indexing, numbers, registry

        registry.open_rooms()
        # The worker brings the index in step after every fact.
        jobs.catches_up(indexing.catch_up)
        # And what the director's numbers count, so that no page waits for it.
        jobs.catches_up(numbers.catch_up)
