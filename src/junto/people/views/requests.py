"""What a request tells: where it came from, in which browser, and where it wants to go on to."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from time import time
from typing import Any

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

# The first sign that is there decides: Edge calls itself Chrome as well, and Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def network_address(request: HttpRequest) -> str:
    """The address of the browser, as far as it can be told.

    When the request came from a private address, that is the reverse proxy in front, and the last entry of
    X-Forwarded-For is what it saw. A public address speaks for itself: anybody can write the header.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return forwarded if forwarded and _is_private(direct) and _is_address(forwarded) else direct


def rounded_network(request: HttpRequest) -> str:
    """The first half of an IPv4 address, the first three groups of an IPv6 one: enough to know a place by, and no more."""
    try:
        address = ip_address(network_address(request))
    except ValueError:
        return ""
    if address.version == 4:
        return ".".join([*str(address).split(".")[:2], "x", "x"])
    return ":".join([*(f"{int(group, 16):x}" for group in address.exploded.split(":")[:3]), "x"])


def browser_words(request: HttpRequest) -> str:
    """The browser and its system as people call them: "Firefox on Windows". Empty where it does not tell."""
    told = str(request.META.get("HTTP_USER_AGENT", ""))
    browser = next((name for sign, name in _BROWSERS if sign in told), "")
    system = next((name for sign, name in _SYSTEMS if sign in told), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def take(request: HttpRequest, key: str, *, within: timedelta) -> dict[str, Any] | None:
    """What `put` left in the session, taken out so that it counts once; None where it is older than `within`."""
    kept = request.session.pop(key, None)
    if not isinstance(kept, dict) or time() - float(kept.get("at", 0)) > within.total_seconds():
        return None
    return kept


def put(request: HttpRequest, key: str, **what: Any) -> None:
    """Leave something in the session for the next step of this browser, with the time."""
    request.session[key] = {**what, "at": time()}


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
