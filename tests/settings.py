"""Settings of the test suite: a throw-away home, everything else as it is in production."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="junto-tests-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["JUNTO_HOME"] = str(_home)
os.environ.setdefault("JUNTO_SECRET_KEY", "a key for tests only, of no use anywhere else")
os.environ["JUNTO_LIST_DOMAIN"] = "lists.example.gov"
os.environ["JUNTO_SITE_URL"] = "http://testserver"
os.environ["JUNTO_RELAY_URL"] = "outbox:"
os.environ["JUNTO_CHECK_LINKS"] = "off"

from junto.config.settings import *  # noqa: E402, F403
from junto.config.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["*"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(_home / "test.sqlite3")}
