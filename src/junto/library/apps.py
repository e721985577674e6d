from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "junto.library"
    label = "library"
