"""The DNS records of this installation, as they should be published, and the text for the postmasters of agencies."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings

from junto.mail.dkim import keys

FEDERAL_REPORTS = "reports@dmarc.cyber.dhs.gov"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its name, its type, its text, and what it is for."""

    name: str
    kind: str
    text: str
    why: str

    @property
    def zone_line(self) -> str:
        shown = " ".join(f'"{string}"' for string in keys.strings(self.text)) if self.kind == "TXT" else self.text
        return f"{self.name}. IN {self.kind} {shown}"


def mail_server() -> str:
    """The name of the server in front, as far as the settings tell: that of its Authentication-Results, or this machine."""
    named = str(settings.TRUSTED_AUTHSERV_ID).lower()
    return named if "." in named else socket.getfqdn().lower()


def relay_hosts() -> list[tuple[str, int]]:
    """Host and port of each relay that JUNTO_RELAY_URL names; none for the outbox."""
    urls = [urlsplit(url) for url in str(settings.RELAY_URL).replace(",", " ").split()]
    return [(url.hostname, url.port or (465 if url.scheme == "smtps" else 25)) for url in urls if url.hostname]


def is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def reports_to() -> str:
    """Who gets the reports on DMARC and TLS."""
    return str(settings.CONTACT) or f"postmaster@{settings.LIST_DOMAIN}"


def wanted(server: str) -> list[Record]:
    """Every record that this installation needs. `server` is the name of the mail server in front and behind."""
    domain = settings.LIST_DOMAIN
    found = [
        Record(domain, "MX", f"10 {server}.", "Mail for the lists goes to this server."),
        Record(
            domain, "TXT", spf(), "SPF (RFC 7208): which servers send for the lists. Bounces go to this domain too."
        ),
        *(
            Record(f"{key.selector}._domainkey.{domain}", "TXT", key.record, f"DKIM (RFC 6376), {key.algorithm}.")
            for key in [*keys.stored(), *keys.stored(keys.NEXT)]
        ),
        Record(
            f"_dmarc.{domain}", "TXT", dmarc(), "DMARC (RFC 9989): what is not signed or sent by us is not from us."
        ),
        Record(f"_mta-sts.{domain}", "TXT", f"v=STSv1; id={date.today():%Y%m%d}", "MTA-STS (RFC 8461): TLS to us."),
        Record(f"mta-sts.{domain}", "CNAME", f"{urlsplit(settings.SITE_URL).hostname}.", "Where its policy lies."),
        Record(f"_smtp._tls.{domain}", "TXT", f"v=TLSRPTv1; rua=mailto:{reports_to()}", "Reports on TLS (RFC 8460)."),
    ]
    return found


def spf() -> str:
    others = [host for host, _ in relay_hosts() if not is_this_machine(host)]
    return " ".join(["v=spf1", "mx", *(f"a:{host}" for host in dict.fromkeys(others)), "-all"])


def dmarc() -> str:
    """p=reject: nobody but Junto writes from this domain, and all that it sends is aligned. .gov reports to CISA too."""
    readers = [f"mailto:{reports_to()}"]
    if settings.LIST_DOMAIN.endswith(".gov"):
        readers.append(f"mailto:{FEDERAL_REPORTS}")
    return f"v=DMARC1; p=reject; adkim=r; aspf=r; rua={','.join(readers)}"


def mta_sts_policy(server: str) -> str:
    """The file https://mta-sts.LIST_DOMAIN/.well-known/mta-sts.txt (RFC 8461 section 3.2)."""
    return f"version: STSv1\nmode: testing\nmx: {server}\nmax_age: 604800\n"


def for_postmasters(server: str, addresses: list[str]) -> str:
    """What to send to the people who run mail at the agencies of the members, with the values of this installation."""
    domain, site = settings.LIST_DOMAIN, settings.SITE_URL
    selectors = ", ".join(key.selector for key in keys.in_use())
    signed = (
        f"d={domain}, selector {selectors}; each message is signed" if selectors else f"d={domain}, signed by {server}"
    )
    shown = ", ".join(addresses) or "(the address of your mail server)"
    return f"""Subject: Mail from {domain}: please let it reach your staff

Hello,

{settings.SITE_NAME} ({site}) runs communities of practice for government. Members of your agency have joined
lists there and receive mail from them.

How to know our mail:
  From            LIST.reply.TOKEN@{domain} or LIST-request@{domain}
  Return path     b+…@{domain}
  DKIM            {signed}
  SPF, DMARC      published for {domain}; both pass and are aligned
  Server          {server}, {shown}
  List-Id         LIST.{domain}
  Leaving         List-Unsubscribe and List-Unsubscribe-Post (RFC 8058) in each message

What we ask of you:
  Microsoft 365   In the Defender portal, Tenant Allow/Block Lists, or with an Exchange mail flow rule: allow {domain}
                  where DKIM or DMARC passes. Do not allow by the From address alone. We do not seal with ARC, so there is
                  nothing to add to your trusted ARC sealers, unless we tell you otherwise.
  Google          Admin console, Gmail, Spam, phishing and malware: add {domain} to an approved senders list with
                  “require sender authentication” on.
  Gateways        Proofpoint, Mimecast, Cisco: a safe senders entry for {domain} with DKIM or DMARC pass as condition.
  Outlook         Members can add {domain} to their safe senders and recipients.

Scanners may follow our links: a GET changes nothing, only pressing the button on the page does.

Questions, complaints, a member who should be taken off: {reports_to()}. Mail to postmaster@{domain} and
abuse@{domain} reaches people.
"""
