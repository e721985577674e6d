"""The numbers in docs/performance.md. Each bench is a module here with `run(*, size=…) -> dict[str, object]`."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured. A bench works in a throw-away home on SQLite unless JUNTO_DATABASE_URL says otherwise."""

    purpose: str

    def prepare(self) -> None:
        os.environ["JUNTO_HOME"] = tempfile.mkdtemp(prefix="junto-bench-")
        os.environ["JUNTO_RELAY_URL"] = os.environ.get("JUNTO_RELAY_URL", "outbox:")


BENCHES = {
    "fanout": Bench("unique copies of one message a second, into a second SMTP server"),
    "archive": Bench("messages of an mbox a second, threaded and indexed"),
    "search": Bench("milliseconds of a search page"),
    "pages": Bench("milliseconds and queries of a thread page and its neighbours"),
}
