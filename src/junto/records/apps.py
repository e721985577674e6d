from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "junto.records"
    label = "records"
