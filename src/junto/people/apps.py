from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "junto.people"
    label = "people"
