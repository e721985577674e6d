"""What a request tells: where it came from, for limits only, and where it wants to go on to."""

from __future__ import annotations

from ipaddress import ip_address

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def network_address(request: HttpRequest) -> str:
    """The address of the browser, as far as it can be told.

    When the request came from a private address, that is the reverse proxy in front, and the last entry of
    X-Forwarded-For is what it saw. A public address speaks for itself: anybody can write the header.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return forwarded if forwarded and _is_private(direct) and _is_address(forwarded) else direct


def safe_path(path: str) -> str:
    """The path when it is a page of this site; empty for anything else."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours and len(path) <= 500 else ""


def _is_private(text: str) -> bool:
    return not text or (_is_address(text) and ip_address(text).is_private)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
