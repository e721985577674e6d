from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "junto.insights"
    label = "insights"
