from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "junto.audit"
    label = "audit"
