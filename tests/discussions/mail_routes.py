"""The part of the map of addresses that posting needs."""

from junto.communities.queries import EachMessage

ROUTES: list[object] = []
AUDIENCES = {"communities.each_message": EachMessage()}
