from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "junto.communities"
    label = "communities"

    def ready(self) -> None:
        from junto.communities import queries
        from junto.people import rules

        rules.trust_with_exceptions(queries.manages_something)
