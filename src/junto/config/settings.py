"""Django's settings. What differs from place to place comes from the environment (environment.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from junto.config import environment

HOME = environment.home()
DEBUG = environment.is_on("JUNTO_DEBUG")
SECRET_KEY = environment.secret_key()
SITE_URL = environment.read("JUNTO_SITE_URL").rstrip("/")
SITE_NAME = environment.read("JUNTO_SITE_NAME")
LIST_DOMAIN = environment.read("JUNTO_LIST_DOMAIN").lower()
RELAY_URL = environment.read("JUNTO_RELAY_URL")
TRUSTED_AUTHSERV_ID = environment.read("JUNTO_TRUSTED_AUTHSERV_ID")
DKIM = environment.read("JUNTO_DKIM").lower()
DKIM_KEYS = environment.read("JUNTO_DKIM_KEYS")
DMARC_OVERRIDES = environment.read("JUNTO_DMARC_OVERRIDES")
CONTACT = environment.read("JUNTO_CONTACT")
CHECKS_LINKS = environment.is_on("JUNTO_CHECK_LINKS")
SHOWS_BANNER = environment.is_on("JUNTO_BANNER")
IDENTIFIER_AGENCY = environment.read("JUNTO_IDENTIFIER_AGENCY")
IDENTIFIER_LINKS = environment.links("JUNTO_IDENTIFIER_LINKS")
MAIL_ROUTES = "junto.config.mail_routes"

ALLOWED_HOSTS = [environment.site_host(), "localhost", "127.0.0.1", "[::1]"]
IS_SECURE = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "junto.ui",
    "junto.audit",
    "junto.search",
    "junto.mail",
    "junto.people",
    "junto.communities",
    "junto.discussions",
    "junto.events",
    "junto.library",
    "junto.insights",
    "junto.records",
    "junto.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "junto.config.middleware.NulsAreRefused",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "junto.config.middleware.VisitsAreNoted",
    "junto.config.middleware.SessionsAreProlonged",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "junto.config.middleware.RefusalsBecomePages",
]

ROOT_URLCONF = "junto.config.urls"
WSGI_APPLICATION = "junto.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "junto.ui.context.site",
            ],
            "builtins": ["junto.ui.templatetags.junto"],
        },
    }
]
FORM_RENDERER = "junto.ui.forms.Renderer"


def _database() -> dict[str, Any]:
    url = environment.read("JUNTO_DATABASE_URL")
    if url:
        return dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "junto.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "people:sign-in"
SESSION_ENGINE = "junto.config.sessions"
SESSION_LASTS = environment.span("JUNTO_SESSION_LASTS")
SESSION_IDLE = environment.span("JUNTO_SESSION_IDLE")
SESSION_COOKIE_AGE = int(min(SESSION_IDLE, SESSION_LASTS).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
OIDC_ISSUER = environment.read("JUNTO_OIDC_ISSUER")
OIDC_LABEL = environment.read("JUNTO_OIDC_LABEL")
OIDC_CLIENT_ID = environment.read("JUNTO_OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = environment.read("JUNTO_OIDC_CLIENT_SECRET")
OIDC_KEY_FILE = environment.read("JUNTO_OIDC_KEY_FILE")
OIDC_KEY_ID = environment.read("JUNTO_OIDC_KEY_ID")
OIDC_SCOPES = environment.read("JUNTO_OIDC_SCOPES").split()
OIDC_ACR_VALUES = environment.read("JUNTO_OIDC_ACR_VALUES")
CSRF_FAILURE_VIEW = "junto.web.views.errors.csrf_failure"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "America/New_York"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 30_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "mail.log": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
PROJECT = Path(__file__).resolve().parents[3]
