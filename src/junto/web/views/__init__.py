"""Pages that gather from many rooms."""

from junto.web.views.errors import csrf_failure

__all__ = ["csrf_failure"]
