"""What is well on this machine: settings, home, database, relay, intake."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import ssl
import stat
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from junto.config import environment
from junto.config.doctor import Finding, advice, bad, good, records
from junto.mail.authentication import organisational_domain
from junto.mail.dkim import keys
from junto.mail.listener import LARGEST

PATIENCE = 10
LEAST_BYTES, FEW_BYTES = 500_000_000, 5_000_000_000
_GIGABYTE = 1_000_000_000


def look() -> list[Finding]:
    """A finding for each thing; the network is asked for PATIENCE seconds at most, each time."""
    return [
        home(),
        secret(),
        signing_keys(),
        database(),
        site(),
        lists(),
        authors(),
        contact(),
        *relays(),
        *intake(),
    ]


def home() -> Finding:
    folder = Path(settings.HOME)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return bad("Home", f"{folder} is no folder that this user may write to. Check JUNTO_HOME and its owner.")
    free = shutil.disk_usage(folder).free
    words = f"{folder} has {free / _GIGABYTE:,.1f} GB free."
    if free < LEAST_BYTES:
        return bad("Home", f"{words} Mail is refused when the disk is full.")
    return good("Home", words) if free >= FEW_BYTES else advice("Home", f"{words} Make room before it is full.")


def secret() -> Finding:
    """The key that signs links and sessions: given, or a file that nobody else may read."""
    if os.environ.get("JUNTO_SECRET_KEY", "").strip():
        is_long = len(str(settings.SECRET_KEY)) >= 32
        return (
            good("Secret key", "Given by JUNTO_SECRET_KEY.")
            if is_long
            else bad("Secret key", "Shorter than 32 letters.")
        )
    return _private("Secret key", environment.home() / "secret-key")


def signing_keys() -> Finding:
    try:
        found = [*keys.stored(), *keys.stored(keys.NEXT)]
    except keys.BadKey as problem:
        return bad("DKIM keys", str(problem))
    for key in keys.stored():
        told = _private("DKIM keys", keys.folder() / f"{key.selector}.pem")
        if told.state != "good":
            return told
    if settings.DKIM not in ("auto", "off"):
        return bad("DKIM keys", f"JUNTO_DKIM is “{settings.DKIM}”. Write auto or off.")
    if not found:
        return advice("DKIM keys", "None. `junto manage dkim new` makes them, unless your MTA signs.")
    return good("DKIM keys", f"{', '.join(key.selector for key in found)} in {keys.folder()}.")


def _private(about: str, path: Path) -> Finding:
    if not path.is_file():
        return bad(about, f"{path} is missing.")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return bad(about, f"Others may read {path}. Run: chmod 600 {path}")
    return good(about, f"{path} is its owner’s alone.")


def database() -> Finding:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        return bad("Database", f"It does not answer: {str(problem).strip()} Check JUNTO_DATABASE_URL.")
    if missing:
        return bad("Database", f"{len(missing)} migrations are missing. Run `junto manage migrate`.")
    return good("Database", f"{connection.vendor}, with all tables as this version needs them.")


def site() -> Finding:
    url = urlsplit(settings.SITE_URL)
    if url.hostname in (None, "localhost", "127.0.0.1"):
        return bad("Site", f"JUNTO_SITE_URL is {settings.SITE_URL}: links in mail lead nowhere from other machines.")
    if url.scheme != "https":
        return bad("Site", f"JUNTO_SITE_URL is {settings.SITE_URL}. Use https.")
    if settings.DEBUG:
        return bad("Site", "JUNTO_DEBUG is on: errors show what is inside. Never in production.")
    return good("Site", settings.SITE_URL)


def lists() -> Finding:
    """Mail and links of one organization: readers, and filters, distrust a letter that leads elsewhere."""
    domain, host = settings.LIST_DOMAIN, urlsplit(settings.SITE_URL).hostname or ""
    if domain.endswith("localhost") or "." not in domain:
        return bad("Lists", f"JUNTO_LIST_DOMAIN is {domain}, which gets no mail from other machines.")
    if organisational_domain(domain) != organisational_domain(host):
        return advice("Lists", f"Lists are at {domain}, links in their mail lead to {host}: filters distrust that.")
    return good("Lists", f"@{domain}")


def authors() -> Finding:
    if settings.TRUSTED_AUTHSERV_ID:
        return good("Authors", f"Proven by the Authentication-Results of {settings.TRUSTED_AUTHSERV_ID}.")
    return advice("Authors", "JUNTO_TRUSTED_AUTHSERV_ID is empty: Junto checks DKIM itself, and knows nothing of SPF.")


def contact() -> Finding:
    if settings.CONTACT:
        return good("Contact", settings.CONTACT)
    return advice(
        "Contact", f"JUNTO_CONTACT is empty. Reports go to postmaster@{settings.LIST_DOMAIN}; who reads that?"
    )


def relays() -> list[Finding]:
    hosts = records.relay_hosts()
    if not hosts:
        return [bad("Relay", f"JUNTO_RELAY_URL is {settings.RELAY_URL}: no mail leaves this machine.")]
    return [relay(host, port) for host, port in hosts]


def relay(host: str, port: int) -> Finding:
    """Greets the relay, and says what it can and cannot do."""
    about = f"Relay {host}:{port}"
    try:
        with closing(_session(host, port)) as session:
            code, _ = session.ehlo()
            features = session.esmtp_features if code == 250 else {}
            session.docmd("QUIT")
    except (OSError, smtplib.SMTPException) as problem:
        return bad(about, f"It does not answer: {problem}")
    wants = [name for name in ("pipelining", "8bitmime", "smtputf8") if name not in features]
    if port != 465 and not records.is_this_machine(host) and "starttls" not in features:
        wants.append("starttls")
    size = features.get("size", "").strip()
    if size.isdigit() and 0 < int(size) < LARGEST:
        return advice(
            about, f"It takes {int(size) / 1e6:,.0f} MB at most, lists take {LARGEST / 1e6:,.0f} MB: larger posts fail."
        )
    if wants:
        return advice(about, f"It answers, but does not offer {', '.join(wants).upper()}.")
    return good(about, f"It answers and offers {', '.join(sorted(features)).upper()}.")


def _session(host: str, port: int) -> smtplib.SMTP:
    if port == 465:
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=PATIENCE)


def intake() -> list[Finding]:
    """The listeners of the mailroom. They answer only while `junto serve` or `junto mailroom` runs."""
    ports = {kind: int(environment.read(f"JUNTO_{kind}_PORT")) for kind in ("LMTP", "SMTP")}
    if not any(ports.values()):
        return [bad("Intake", "JUNTO_LMTP_PORT and JUNTO_SMTP_PORT are both 0: no mail comes in.")]
    host = environment.read("JUNTO_BIND")
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    return [_greeted(kind, host, port) for kind, port in ports.items() if port]


def _greeted(kind: str, host: str, port: int) -> Finding:
    about = f"{kind} {host}:{port}"
    try:
        with socket.create_connection((host, port), timeout=PATIENCE) as line:
            greeting = line.recv(200)
    except OSError as problem:
        return bad(about, f"It does not answer: {problem}. Does `junto serve` run?")
    if not greeting.startswith(b"220"):
        return bad(about, f"Something else than Junto answers: {greeting[:60]!r}")
    return good(about, "It answers.")
