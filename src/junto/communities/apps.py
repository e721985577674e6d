from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "junto.communities"
    label = "communities"
