from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    name = "junto.discussions"
    label = "discussions"
