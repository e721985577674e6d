"""One worker of the fan-out bench, in a process of its own: carries a mailing to its end and prints what that took.

python -m junto.config.bench.sender MAILING_ID
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def main(mailing_id: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junto.config.settings")
    import django

    django.setup()
    from junto.mail import delivery

    own, before, began = _own_megabytes(), _cpu(), time.perf_counter()
    with ThreadPoolExecutor(1) as watcher:
        done = threading.Event()
        peak = watcher.submit(_peak_of_own, done)
        try:
            while delivery.deliver(mailing_id, seconds=3.0):
                continue
        finally:
            done.set()
    measured = {
        "seconds": time.perf_counter() - began,
        "cpu": _cpu() - before,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "peak_own_mb": max(peak.result(), own, _own_megabytes()),
    }
    sys.stdout.write(json.dumps(measured) + "\n")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_of_own(done: threading.Event) -> float:
    """The most that was seen, looking twenty times a second."""
    most = 0.0
    while not done.wait(0.05):
        most = max(most, _own_megabytes())
    return most


def _own_megabytes() -> float:
    """Memory of the process without the pages of the database file that the system maps into it; 0 where unknown."""
    status = Path("/proc/self/status")
    found = re.search(r"RssAnon:\s*(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main(int(sys.argv[1]))
