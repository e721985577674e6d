from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "junto.mail"
    label = "mail"
