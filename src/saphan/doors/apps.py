from django.apps import AppConfig


class DoorsConfig(AppConfig):
    name = "saphan.doors"
    label = "doors"
