from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "junto.web"
    label = "web"
