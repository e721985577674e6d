from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "junto.events"
    label = "events"
