"""How fast the archive of a list becomes threads that can be read and found."""

from __future__ import annotations

import base64
import json
import quopri
import random
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

SMALL = 1_000
_WORDS = [
    "survey",
    "form",
    "page",
    "site",
    "team",
    "agency",
    "member",
    "question",
    "answer",
    "content",
    "design",
    "user",
    "research",
    "data",
    "service",
    "people",
    "plan",
    "meeting",
    "week",
    "policy",
    "guide",
    "email",
    "link",
    "review",
    "test",
    "draft",
    "share",
    "update",
    "change",
    "thank",
    "please",
    "help",
    "need",
    "work",
    "time",
    "accessible",
    "language",
    "plain",
    "button",
    "header",
    "search",
    "report",
    "number",
    "result",
    "federal",
    "state",
    "city",
    "office",
    "public",
    "record",
]
_STYLE = "font-family:Calibri,Arial,Helvetica,sans-serif; font-size:11pt; color:rgb(0,0,0)"
_FIRST = datetime(2019, 1, 7, 14, tzinfo=UTC)


def run(*, messages: int = 20_000, file: str = "", compare: bool = True) -> dict[str, Any]:
    """Import archives into fresh communities and measure: one of each family, made up for the purpose, or `file`.

    Of the family `html`, four of five messages have HTML; `plain` is a list of the 2000s. Rates are messages a second,
    everything included; CPU is that of all processes; memory is the peak of the importing process and of the largest
    worker, for the whole archive and for one of 1,000 messages.
    """
    told: dict[str, Any] = {"bench": "archive"}
    with tempfile.TemporaryDirectory(prefix="junto-bench-") as folder:
        if file:
            return told | _named("file", Path(file))
        for family in FAMILIES:
            told |= _named(family, write_archive(Path(folder) / f"{family}.mbox", messages, family=family))
        if compare:
            small = _measured(write_archive(Path(folder) / "small.mbox", SMALL))
            told |= {"html_peak_rss_mb_at_1000": small["peak_rss_mb"]}
    return told


def _named(family: str, path: Path) -> dict[str, Any]:
    """The figures of one archive, each under the name of its family."""
    figures = {"megabytes": round(path.stat().st_size / 1e6, 1), **_measured(path)}
    return {f"{family}_{name}": figure for name, figure in figures.items()}


def _measured(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "junto.config.bench.archive", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def take(path: Path) -> dict[str, Any]:
    """Import a file into a new community, in this process."""
    from junto.config.command.ground import open_database

    open_database()
    from junto.communities.models import Community
    from junto.records.actions import archive

    name = f"bench-{time.time_ns()}"
    community = Community.objects.create(slug=name, name=name, list_name=name, list_id=name)
    began, cpu = time.perf_counter(), _cpu()
    report = archive.take(path, community=community)
    seconds = time.perf_counter() - began
    return {
        "messages": report.taken,
        "seconds": round(seconds, 2),
        "per_second": round(report.taken / seconds),
        "cpu_ms_per_message": round((_cpu() - cpu) * 1_000 / max(report.taken, 1), 2),
        "threads": community.threads.count(),
        "peak_rss_mb": _peak(resource.RUSAGE_SELF),
        "worker_peak_rss_mb": _peak(resource.RUSAGE_CHILDREN),
    }


def _peak(who: int) -> float:
    return round(resource.getrusage(who).ru_maxrss / 1024, 1)


def _cpu() -> float:
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def write_archive(path: Path, messages: int, seed: int = 1, *, family: str = "html") -> Path:
    """An archive as lists of today leave it: replies with their quotations, tables, odd charsets, some files. Of the
    family `plain`: text alone, short headers, quotations with marks before each line."""
    dice = random.Random(seed)  # noqa: S311 made-up words need no secrecy
    with path.open("wb") as out:
        for letter in _letters(messages, dice, FAMILIES[family]):
            out.write(letter)
    return path


def _letters(count: int, dice: random.Random, letter: _Writer) -> Iterator[bytes]:
    recent: list[tuple[str, list[str], str]] = []
    for number in range(count):
        at = _FIRST + timedelta(minutes=17 * number)
        ours = f"{number:06x}.{dice.getrandbits(64):x}@mail{number % 7}.example.gov"
        references: list[str] = []
        subject = " ".join(dice.choices(_WORDS, k=5)).capitalize()
        if recent and dice.random() < 0.7:
            parent, above, topic = dice.choice(recent[-12:])
            references, subject = [*above[-9:], parent], topic
        recent = [*recent[-30:], (ours, references, subject)]
        yield letter(dice, number, at, ours, references, subject)


def _letter(dice: random.Random, number: int, at: datetime, ours: str, references: list[str], subject: str) -> bytes:
    who = f"Person {number % 400}"
    head = [
        f"From person{number % 400}@agency{number % 90}.gov {at:%a %b %d %H:%M:%S %Y}",
        f'From: "{who} via TALK" <talk@lists.example.gov>' if number % 3 == 0 else f"From: {who} <person{number % 400}@agency{number % 90}.gov>",
        f"Reply-To: {who} <person{number % 400}@agency{number % 90}.gov>",
        *_trace(dice, at),
        "To: TALK@LISTS.EXAMPLE.GOV",
        f"Subject: {'Re: ' if references else ''}{subject}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{ours}>",
    ]  # fmt: skip
    if references:
        head += [f"In-Reply-To: <{references[-1]}>", "References: " + "\r\n ".join(f"<{r}>" for r in references)]
    head += ["List-Id: <talk.lists.example.gov>", "MIME-Version: 1.0"]
    body = _body(dice, number, is_reply=bool(references))
    return "\n".join(head).replace("\r\n", "\n").encode() + b"\n" + body + b"\n\n"


def _plain_letter(
    dice: random.Random, number: int, at: datetime, ours: str, references: list[str], subject: str
) -> bytes:
    sender = f"person{number % 400}@agency{number % 90}.gov"
    head = [
        f"From {sender} {at:%a %b %d %H:%M:%S %Y}",
        f"From: {sender} (Person {number % 400})",
        f"Date: {format_datetime(at)}",
        f"Subject: [Talk] {'Re: ' if references else ''}{subject}",
        *([f"In-Reply-To: <{references[-1]}>", f"References: <{references[-1]}>"] if references else []),
        f"Message-ID: <{ours}>",
    ]
    own = [" ".join(dice.choices(_WORDS, k=dice.randint(15, 60))) + "." for _ in range(dice.randint(2, 6))]
    lines = "\n\n".join(textwrap.fill(one, 72) for one in own)
    quoted = textwrap.wrap(" ".join(dice.choices(_WORDS, k=150)), 70) if references else []
    above = f"On {at:%a, %d %b %Y}, a person <a.person@agency.gov> wrote:\n\n" if quoted else ""
    body = above + "".join(f"> {one}\n" for one in quoted) + f"\n{lines}\n\n-- \nPerson {number % 400}\nAn agency\n"
    return ("\n".join(head) + "\n\n" + body + "\n").encode()


def _trace(dice: random.Random, at: datetime) -> Iterator[str]:
    for hop in range(6):
        yield (
            f"Received: from mx{hop}.example.gov (10.0.{hop}.7) by mx{hop + 1}.example.gov (10.0.{hop}.8) with\n"
            f" Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id\n"
            f" 15.20.{dice.randrange(9999)}.21; {format_datetime(at)}"
        )
    for name in ("X-MS-Exchange-CrossTenant-Id", "X-Forefront-Antispam-Report", "DKIM-Signature", "ARC-Seal"):
        yield f"{name}: v=1;" + "".join(f"\n {dice.getrandbits(240):060x}" for _ in range(5))


def _body(dice: random.Random, number: int, *, is_reply: bool) -> bytes:
    own = [" ".join(dice.choices(_WORDS, k=dice.randint(15, 60))) + "." for _ in range(dice.randint(2, 5))]
    quoted = [" ".join(dice.choices(_WORDS, k=40)) for _ in range(8)] if is_reply else []
    text = "\n\n".join(own) + (
        "\n\nOn Monday, a person wrote:\n" + "\n".join(f"> {q}" for q in quoted) if quoted else ""
    )
    charset = "iso-8859-1" if number % 11 == 0 else "utf-8"
    plain = _part("text/plain", text + "\n\nRené", charset)
    if number % 5 == 0:
        return plain
    mark = f"_000_{number:032x}_"
    both = [plain, _part("text/html", _html(own, quoted), charset)]
    pieces = b"".join(b"--" + mark.encode() + b"\n" + part + b"\n" for part in both) + f"--{mark}--\n".encode()
    alternative = f'Content-Type: multipart/alternative; boundary="{mark}"\n\n'.encode() + pieces
    return _with_file(dice, alternative, number) if number % 20 == 1 else alternative


def _html(own: list[str], quoted: list[str]) -> str:
    said = "".join(
        f'<div class="elementToProof" style="{_STYLE}">{one}</div><div style="{_STYLE}"><br></div>' for one in own
    )
    below = "".join(f'<p class="MsoNormal"><span style="{_STYLE}">{one}<o:p></o:p></span></p>' for one in quoted)
    reply = (
        f'<hr style="width:98%"><div id="divRplyFwdMsg"><b>From:</b> A person<br></div><div>{below}</div>'
        if quoted
        else ""
    )
    styles = "<style>" + "p.MsoNormal {margin:0in; font-size:11.0pt;}\n" * 25 + "</style>"
    return f'<html><head>{styles}</head><body dir="ltr">{said}<div id="Signature">René</div>{reply}</body></html>'


def _part(kind: str, text: str, charset: str) -> bytes:
    head = f"Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: quoted-printable\n\n"
    return head.encode() + quopri.encodestring(text.encode(charset))


def _with_file(dice: random.Random, body: bytes, number: int) -> bytes:
    mark = f"_004_{number:032x}_"
    file = base64.encodebytes(dice.randbytes(30_000))
    head = f'Content-Type: multipart/mixed; boundary="{mark}"\n\n--{mark}\n'.encode()
    named = (
        b'Content-Type: application/pdf; name="agenda.pdf"\nContent-Disposition: attachment; filename="agenda.pdf"\n'
    )
    return (
        head
        + body
        + f"\n--{mark}\n".encode()
        + named
        + b"Content-Transfer-Encoding: base64\n\n"
        + file
        + f"--{mark}--\n".encode()
    )


_Writer = Callable[[random.Random, int, datetime, str, list[str], str], bytes]
FAMILIES: dict[str, _Writer] = {"html": _letter, "plain": _plain_letter}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(take(Path(sys.argv[1]))) + "\n")
