"""Work on a clock that belongs to no room."""

from django.core.management import call_command

from junto.kit.tasks import task


@task()
def prune_sessions() -> None:
    """Remove sessions that have expired."""
    call_command("clearsessions")
