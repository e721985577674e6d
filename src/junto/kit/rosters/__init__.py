"""Reads the rosters that list servers write: LISTSERV REVIEW, Mailman 2 and 3, CSV. Pure: text in, lines out."""

from junto.kit.rosters.reading import Form, Line, NotARoster, read

__all__ = ["Form", "Line", "NotARoster", "read"]
