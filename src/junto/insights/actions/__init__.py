"""Counting, and showing what was counted."""

from junto.insights.actions.counting import recount
from junto.insights.actions.showing import choose_threads, make_link, open_to_members, withdraw_link

__all__ = ["choose_threads", "make_link", "open_to_members", "recount", "withdraw_link"]
