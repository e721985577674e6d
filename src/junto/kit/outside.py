"""Asks addresses of the web that people have typed, and never what is inside the network on which this runs.

A name is resolved here, each address that it has must be public, and the connection goes to that very address, so that no
name can turn inward between the look and the call. Every redirect is looked at in the same way. No proxy is used.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

PATIENCE = httpx.Timeout(8.0, connect=4.0)
MOST_HOPS = 5
_MOST_TRIED = 2
_PORTS = {"http": 80, "https": 443}
_NAMELESS = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_NAT64 = IPv6Network("64:ff9b::/96")


class NotOutside(ValueError):
    """The address is none of the web, or leads to a machine that is not public. Nothing was asked."""


class NoSuchHost(OSError):
    """No machine has this name."""


class NoAnswer(OSError):
    """The machine could not be reached, or did not answer in time, or not safely."""


def status_of(address: str, *, user_agent: str) -> int:
    """The status with which a web address answers, after five redirects at most. Asked by HEAD; where that is refused, by GET,
    whose body is not read. Raises NotOutside, NoSuchHost, NoAnswer. Takes up to some twenty seconds for each hop."""
    status = 0
    for _ in range(MOST_HOPS + 1):
        where = _split(address)
        machines = public_addresses(where.hostname or "", where.port or _PORTS[where.scheme])
        answer = _ask("HEAD", where, machines, user_agent)
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            answer = _ask("GET", where, machines, user_agent)
        status = answer.status_code
        if not answer.has_redirect_location:
            break
        address = urljoin(address, answer.headers["location"])
    return status


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a machine. Raises NotOutside where any of them is not public; NoSuchHost, NoAnswer."""
    try:
        found = socket.getaddrinfo(host.encode("idna").decode(), port, type=socket.SOCK_STREAM)
    except socket.gaierror as problem:
        raise (NoSuchHost if problem.errno in _NAMELESS else NoAnswer)(host) from problem
    except UnicodeError as problem:
        raise NoSuchHost(host) from problem
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses or not all(is_public(ip_address(one.partition("%")[0])) for one in addresses):
        raise NotOutside(host)
    return addresses


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet. An IPv4 address inside an IPv6 one counts as itself."""
    if isinstance(address, IPv6Address):
        teredo = address.teredo
        inner = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _split(address: str) -> SplitResult:
    try:
        where = urlsplit(address)
        is_web = where.scheme in _PORTS and bool(where.hostname) and where.port != 0
    except ValueError as problem:
        raise NotOutside(address) from problem
    if not is_web:
        raise NotOutside(address)
    return where


def _ask(method: str, where: SplitResult, machines: Sequence[str], user_agent: str) -> httpx.Response:
    """One request to the first of these machines that takes it; the body of the answer is left unread."""
    problem: Exception | None = None
    for machine in machines[:_MOST_TRIED]:
        try:
            return _ask_machine(method, where, machine, user_agent)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as failed:
            problem = failed
    raise NoAnswer(where.hostname) from problem


def _ask_machine(method: str, where: SplitResult, machine: str, user_agent: str) -> httpx.Response:
    host = (where.hostname or "").encode("idna").decode()
    shown = f"[{host}]" if ":" in host else host
    target = f"[{machine}]" if ":" in machine else machine
    port = f":{where.port}" if where.port else ""
    question = f"?{where.query}" if where.query else ""
    headers = {"Host": f"{shown}{port}", "User-Agent": user_agent, "Accept": "*/*"}
    with httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client:
        request = client.build_request(
            method,
            f"{where.scheme}://{target}{port}{where.path or '/'}{question}",
            headers=headers,
            extensions={"sni_hostname": host},
        )
        answer = client.send(request, stream=True)
        answer.close()
        return answer
