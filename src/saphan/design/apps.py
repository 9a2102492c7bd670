from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "saphan.design"
    label = "design"
