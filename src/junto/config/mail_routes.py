"""The addresses of mail, as urls.py has those of pages: pattern of the local part, door, and who knows whether it exists.

Bounces to return paths (b+…) are the engine's own and stand before these. Audiences are the streams that a mailing's
recipients are read from; HEARS_OF_BOUNCE is told of each address that failed.
"""

from __future__ import annotations

from junto.mail.registry import HearsOfBounce, Stream
from junto.mail.router import Route

ROUTES: list[Route] = []
AUDIENCES: dict[str, Stream] = {}
HEARS_OF_BOUNCE: HearsOfBounce | None = None
