from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "junto.ui"
    label = "ui"
