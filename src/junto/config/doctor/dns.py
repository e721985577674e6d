"""Compares what the DNS holds with what it should."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings

from junto.config.doctor import Finding, advice, bad, good, unknown
from junto.mail.authentication import LookUp
from junto.mail.dkim import keys

MOST_SPF_LOOK_UPS = 10
_COSTS_A_LOOK_UP = re.compile(r"[+~?-]?(?:include|a|mx|ptr|exists)(?:[:/].*)?|redirect=.*", re.IGNORECASE)


class Silence(Exception):
    """The DNS does not answer."""


class Dns:
    """Asks the DNS; once it was silent it is not asked again, so that a machine without it does not wait for each name."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up, self._is_silent = look_up, False

    def texts(self, name: str) -> list[str]:
        return [bytes(text).decode("utf-8", "replace") for text in self.ask(name, "TXT")]

    def ask(self, name: str, kind: str) -> list[Any]:
        """The answers, none where the name has no such record. Raises Silence."""
        if self._is_silent:
            raise Silence
        try:
            return self._look_up(name, kind)
        except Exception as error:
            self._is_silent = True
            raise Silence from error


def look(look_up: LookUp, server: str) -> list[Finding]:
    """A finding for each record. Where the DNS does not answer they are unknown."""
    dns = Dns(look_up)
    return [_of(check, dns, server) for check in (mx, spf, dkim, dmarc, names, mta_sts, tls_reports)]


def addresses(look_up: LookUp, server: str) -> list[str]:
    """The network addresses of the server, as far as the DNS tells."""
    try:
        return _addresses(Dns(look_up), server)
    except Silence:
        return []


def _of(check: Callable[[Dns, str], Finding], dns: Dns, server: str) -> Finding:
    try:
        return check(dns, server)
    except Silence:
        about = TITLES[check.__name__]
        return unknown(about, "Could not be looked up: the DNS does not answer from here.")


def mx(dns: Dns, server: str) -> Finding:
    found = sorted(dns.ask(settings.LIST_DOMAIN, "MX"))
    hosts = [str(host).rstrip(".").lower() for _, host in found]
    if not hosts:
        return bad("MX", f"{settings.LIST_DOMAIN} has no MX record: no mail reaches the lists.")
    if server not in hosts:
        return advice(
            "MX", f"Mail goes to {', '.join(hosts)}, not to {server}. Right if that server hands on to Junto."
        )
    return good("MX", f"Mail goes to {', '.join(hosts)}.")


def spf(dns: Dns, server: str) -> Finding:
    found = [text for text in dns.texts(settings.LIST_DOMAIN) if text.lower().split(" ")[0] == "v=spf1"]
    if len(found) != 1:
        return bad("SPF", f"{settings.LIST_DOMAIN} has {len(found) or 'no'} SPF records. It must have one.")
    cost = sum(_COSTS_A_LOOK_UP.fullmatch(term) is not None for term in found[0].split()[1:])
    if cost > MOST_SPF_LOOK_UPS:
        return bad("SPF", f"The record needs {cost} look-ups at least; receivers stop at {MOST_SPF_LOOK_UPS}.")
    if found[0].split()[-1].lower() not in ("-all", "~all") and "redirect=" not in found[0].lower():
        return advice("SPF", f"“{found[0]}” does not end with -all: it says nothing of servers that are not ours.")
    return good("SPF", f"“{found[0]}”")


def dkim(dns: Dns, server: str) -> Finding:
    using = keys.in_use()
    if not using:
        return advice("DKIM", "Junto does not sign. `junto manage dkim new` makes a key; or let your MTA sign.")
    for key in using:
        name = f"{key.selector}._domainkey.{settings.LIST_DOMAIN}"
        found = [_tags(text) for text in dns.texts(name)]
        if not found:
            return bad("DKIM", f"{name} is not published, and mail is signed with it. See `junto manage dkim show`.")
        if _tags(key.record)["p"] not in [tags.get("p") for tags in found]:
            return bad("DKIM", f"{name} holds another key than the one that signs. See `junto manage dkim show`.")
    return good("DKIM", f"Published as they sign: {', '.join(key.selector for key in using)}.")


def dmarc(dns: Dns, server: str) -> Finding:
    """The policy of the domain itself, or what it inherits from the names above it (RFC 9989 walks up the tree)."""
    labels = settings.LIST_DOMAIN.split(".")
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        found = [_tags(text) for text in dns.texts(f"_dmarc.{domain}") if text.lower().startswith("v=dmarc1")]
        if len(found) == 1:
            return _judged(found[0], domain, is_own=start == 0)
    return bad("DMARC", f"There is no DMARC record for {settings.LIST_DOMAIN}. Gmail, Yahoo and Outlook.com want one.")


def _judged(tags: dict[str, str], domain: str, *, is_own: bool) -> Finding:
    policy = tags.get("p", "none") if is_own else tags.get("sp", tags.get("p", "none"))
    if policy.lower() not in ("quarantine", "reject"):
        return advice(
            "DMARC", f"The policy of {domain} is {policy}. Go on to quarantine, then reject, once reports are clean."
        )
    if "rua" not in tags:
        return advice("DMARC", f"The policy of {domain} is {policy}, but nobody gets the reports (rua=).")
    return good("DMARC", f"The policy of {domain} is {policy}.")


def names(dns: Dns, server: str) -> Finding:
    """Forward-confirmed reverse DNS: each address of the server has a name, and that name has the address."""
    found = _addresses(dns, server)
    if not found:
        return bad("PTR", f"{server} has no address. Name the server with --server.")
    for address in found:
        back = [str(name).rstrip(".").lower() for name in dns.ask(ipaddress.ip_address(address).reverse_pointer, "PTR")]
        if not any(address in _addresses(dns, name) for name in back):
            return bad(
                "PTR", f"{address} has no PTR record that leads to a name and back. Ask whoever owns the address."
            )
    return good("PTR", f"{', '.join(found)} and {server} lead to each other.")


def mta_sts(dns: Dns, server: str) -> Finding:
    if any(text.startswith("v=STSv1") for text in dns.texts(f"_mta-sts.{settings.LIST_DOMAIN}")):
        return good(
            "MTA-STS", f"Published. Its policy is https://mta-sts.{settings.LIST_DOMAIN}/.well-known/mta-sts.txt."
        )
    return advice("MTA-STS", "Not published: nobody who writes to the lists is told that TLS is a must.")


def tls_reports(dns: Dns, server: str) -> Finding:
    if any(text.startswith("v=TLSRPTv1") for text in dns.texts(f"_smtp._tls.{settings.LIST_DOMAIN}")):
        return good("TLS-RPT", "Published.")
    return advice("TLS-RPT", "Not published: nobody tells you when TLS to your server fails.")


TITLES = {
    "mx": "MX",
    "spf": "SPF",
    "dkim": "DKIM",
    "dmarc": "DMARC",
    "names": "PTR",
    "mta_sts": "MTA-STS",
    "tls_reports": "TLS-RPT",
}


def _addresses(dns: Dns, name: str) -> list[str]:
    return [str(address) for kind in ("A", "AAAA") for address in dns.ask(name, kind)]


def _tags(text: str) -> dict[str, str]:
    """The tags of a DKIM or DMARC record (RFC 6376 section 3.2)."""
    return dict(_pairs(text))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if sign:
            yield name.strip().lower(), "".join(value.split())
