"""One worker of the fan-out bench, in a process of its own: carries a mailing to its end and prints what that took.

python -m junto.config.bench.sender MAILING_ID
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import time
from pathlib import Path


def main(mailing_id: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junto.config.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.MAIL_ROUTES = "junto.config.bench.routes"
    from junto.mail import delivery

    before, began = _cpu(), time.perf_counter()
    while delivery.deliver(mailing_id, seconds=3.0):
        continue
    measured = {
        "seconds": time.perf_counter() - began,
        "cpu": _cpu() - before,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "own_mb": _own_megabytes(),
    }
    sys.stdout.write(json.dumps(measured) + "\n")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _own_megabytes() -> float:
    """Memory of the process without the pages of the database file that the system maps into it; 0 where unknown."""
    status = Path("/proc/self/status")
    found = re.search(r"RssAnon:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main(int(sys.argv[1]))
