"""The numbers in docs/performance.md, re-run. Each bench is a module here with a function `run`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured, and the name under which `run` takes how many."""

    purpose: str
    counts: str = "size"


BENCHES = {
    "fanout": Bench("unique copies of one message a second, into a second SMTP server", counts="recipients"),
    "digest": Bench("CPU milliseconds of a digest, beside those of a post to as many readers", counts="recipients"),
    "signing": Bench("DKIM-signed copies a second, against bare signatures", counts="copies"),
    "archive": Bench("messages of an mbox a second, threaded and indexed", counts="messages"),
    "search": Bench("milliseconds of a search page"),
    "pages": Bench("milliseconds and queries of a thread page and its neighbours"),
}


@contextmanager
def throw_away_home() -> Iterator[None]:
    """Measure on a home of its own with the settings of production, on SQLite unless JUNTO_DATABASE_URL says otherwise.

    What the caller's environment says of debugging, addresses and keys must not change a figure, so it is left out.
    """
    for name in [name for name in os.environ if name.startswith("JUNTO_") and name != "JUNTO_DATABASE_URL"]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="junto-bench-", ignore_cleanup_errors=True) as home:
        os.environ["JUNTO_HOME"] = home
        yield
