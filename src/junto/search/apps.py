from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "junto.search"
    label = "search"
