"""Reads the settings of DESIGN: from the environment, each with a safe default."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default and what it is for. `junto serve --help` lists them all."""

    name: str
    default: str
    purpose: str


SETTINGS = (
    Setting("JUNTO_HOME", "~/.local/share/junto", "folder for the database, mail, files and the secret key"),
    Setting("JUNTO_DATABASE_URL", "", "postgres://…; empty: SQLite in JUNTO_HOME"),
    Setting("JUNTO_SITE_URL", "http://localhost:8000", "how the site is reached; stands in every letter"),
    Setting("JUNTO_SITE_NAME", "Junto", "the name in the header and in letters"),
    Setting("JUNTO_LIST_DOMAIN", "lists.localhost", "the domain of the lists: cx-cop@lists.agency.gov"),
    Setting(
        "JUNTO_RELAY_URL",
        "outbox:",
        "relays for mail out, one or several: smtp://user:password@host:port?tls=required&weight=2 (docs/how-to/"
        "run-in-production.md has all options); outbox: keeps mail to be read at /outbox/",
    ),
    Setting("JUNTO_PORT", "8000", "port of the web server"),
    Setting("JUNTO_LMTP_PORT", "8024", "port of the LMTP listener; 0 switches it off"),
    Setting("JUNTO_SMTP_PORT", "8025", "port of the SMTP listener; 0 switches it off"),
    Setting("JUNTO_BIND", "127.0.0.1", "address that the web server and the mailroom listen on"),
    Setting("JUNTO_SECRET_KEY", "", "signs links and sessions; empty: made once and kept in JUNTO_HOME"),
    Setting(
        "JUNTO_SESSION_LASTS",
        "30d",
        "how long a sign-in lasts at most, in days, hours or minutes: 30d, 12h, 90m. 30 days is what NIST SP 800-63B allows at "
        "its first level; 24h where your rules ask for its second",
    ),
    Setting(
        "JUNTO_SESSION_IDLE",
        "14d",
        "how long somebody stays signed in who does not use the site; 1h at the second level of NIST SP 800-63B",
    ),
    Setting(
        "JUNTO_OIDC_ISSUER",
        "",
        "the OpenID provider that people may sign in with: https://secure.login.gov/; empty: none",
    ),
    Setting("JUNTO_OIDC_LABEL", "your agency account", "the provider as the button names it: Login.gov"),
    Setting("JUNTO_OIDC_CLIENT_ID", "", "the client id that the provider gave this site"),
    Setting("JUNTO_OIDC_CLIENT_SECRET", "", "the client secret, where the provider wants one"),
    Setting(
        "JUNTO_OIDC_KEY_FILE",
        "",
        "PEM file of the private key that signs for this site (private_key_jwt, as Login.gov asks)",
    ),
    Setting(
        "JUNTO_OIDC_KEY_ID", "", "the key id (kid) under which the provider knows the public half, where it wants one"
    ),
    Setting(
        "JUNTO_OIDC_SCOPES",
        "openid email profile",
        "what is asked of the provider: openid email all_emails takes every address that Login.gov has verified",
    ),
    Setting(
        "JUNTO_OIDC_ACR_VALUES",
        "",
        "how strongly the provider must authenticate: urn:acr.login.gov:auth-only, for instance",
    ),
    Setting("JUNTO_TRUSTED_AUTHSERV_ID", "", "the MTA whose Authentication-Results are believed"),
    Setting("JUNTO_DKIM", "auto", "auto: mail is signed where there are keys (`junto manage dkim new`); off: never"),
    Setting("JUNTO_DKIM_KEYS", "", "folder of the DKIM keys; empty: dkim in JUNTO_HOME"),
    Setting(
        "JUNTO_DMARC_OVERRIDES",
        "",
        "domains whose From lines are always rewritten, or kept where their signature survives: example.gov=keep; example.com=rewrite",
    ),
    Setting("JUNTO_CONTACT", "", "mail address of whoever runs the site; stands in security.txt and on the about page"),
    Setting(
        "JUNTO_CHECK_LINKS",
        "on",
        "the resources of communities are asked once a week whether they still answer, by plain requests from this machine to "
        "public addresses, without a proxy; off: nothing is asked",
    ),
    Setting("JUNTO_BANNER", "on", "the government banner; off where the host is no government site"),
    Setting("JUNTO_IDENTIFIER_AGENCY", "", "the agency named in the identifier at the foot; empty: no identifier"),
    Setting(
        "JUNTO_IDENTIFIER_LINKS",
        "",
        "the agency’s required links in the identifier: About GSA=https://www.gsa.gov/about; FOIA requests=https://…",
    ),
    Setting("JUNTO_DEBUG", "off", "on: /dev/ pages and tracebacks; never in production"),
)
_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def read(name: str) -> str:
    """The value of a setting that SETTINGS lists."""
    return os.environ.get(name, "").strip() or _DEFAULTS[name]


def is_on(name: str) -> bool:
    return read(name).lower() in {"on", "1", "true", "yes"}


def home() -> Path:
    return Path(read("JUNTO_HOME")).expanduser()


def secret_key() -> str:
    """The key from the environment, or the one kept in JUNTO_HOME, which is made at first use (mode 0600)."""
    if given := os.environ.get("JUNTO_SECRET_KEY", "").strip():
        return given
    path = home() / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"secret-key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def span(name: str) -> timedelta:
    """A setting of the form 30d, 12h or 90m. Raises ValueError with what to write instead."""
    found = re.fullmatch(r"([1-9]\d{0,4}) ?([dhm])", read(name).lower())
    if found is None:
        raise ValueError(f"{name}: write a number of days, hours or minutes, like 30d, 12h or 90m.")
    units = {"d": "days", "h": "hours", "m": "minutes"}
    return timedelta(**{units[found[2]]: int(found[1])})


def links(name: str) -> list[tuple[str, str]]:
    """A setting of the form `words=address; words=address`. A part that has no address is left out."""
    pairs = [part.partition("=") for part in read(name).split(";")]
    return [(words.strip(), address.strip()) for words, _, address in pairs if words.strip() and address.strip()]


def site_host() -> str:
    return urlsplit(read("JUNTO_SITE_URL")).hostname or "localhost"
