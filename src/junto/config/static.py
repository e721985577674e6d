"""Static files: collected into JUNTO_HOME when this version has others than the last one that ran here."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find, get_finders

STYLES = "junto/built/junto.css"


def are_built() -> bool:
    """Whether the styles were compiled: without them no page can be shown."""
    return find(STYLES) is not None


def collect() -> bool:
    """Collect when needed; True when it was. Costs some milliseconds otherwise: names, sizes and dates are compared."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return False
    from django.core.management import call_command

    shutil.rmtree(root, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    root.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
    return True


def fingerprint() -> str:
    """What the static files of the rooms look like now."""
    digest = sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()
