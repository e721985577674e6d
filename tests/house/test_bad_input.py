"""Whatever somebody types into an address bar or a form, the answer is a page, and never a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import DataError, connection
from django.test import Client
from django.urls import reverse

from junto.people.models import Person
from tests.house import test_doors
from tests.house.test_doors import FILLED_IN, Scene, address_of, arguments_of, doors

scene = test_doors.scene
HUGE = "9" * 30
BROKEN = ("%00", "%ff%fe", "%ED%A0%80", HUGE, f"-{HUGE}", "1e999", "%F0%9F%92%A9" * 50, "a" * 5_000, "[]", "%22%27%28*")
QUESTIONS = (
    "q", "words", "next", "before", "after", "newer", "older", "page", "id", "topic", "community", "author", "agency",
    "kind", "start", "from", "to", "since", "until", "sort", "preview", "level", "state", "ref", "lang",
)  # fmt: skip
DATES = ("0000-00-00", "9999-12-31", "10000-01-01", "0001-01-01", "2026-02-31", f"{HUGE}-01-01")
NASTY = ("\x00", "a\x00b", "\ud800", "\u202e\u2028", "x" * 100_000, HUGE, "<script>", "\r\nBcc: eve@evil.example.com")


def _queries() -> Iterator[str]:
    for broken in (*BROKEN, *DATES):
        yield "&".join(f"{name}={broken}" for name in QUESTIONS)


@pytest.mark.parametrize("visitor", ["stranger", "ada"])
def test_no_question_crashes_a_page(visitor: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    broken = []
    for query in _queries():
        client = test_doors._browser(scene.people[visitor], client_of)
        for name, _ in doors():
            address = address_of(name, scene) or "/nowhere/"
            if client.get(f"{address}?{query}").status_code >= 500:
                broken.append(f"{name}?{query[:60]}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("number", [HUGE, str(2**63), str(2**31), "0"])
def test_no_number_in_an_address_crashes_a_page(
    number: str,
    scene: Scene,
    client_of: Callable[[Person], Client],
) -> None:
    client, broken = test_doors._browser(scene.people["hal"], client_of), []
    ada = test_doors._browser(scene.people["ada"], client_of)
    for name, _ in doors():
        known = {key: value for key, value in arguments_of(name, scene).items() if key in _arguments_of(name, scene)}
        for key in [key for key, value in known.items() if isinstance(value, int)]:
            address = reverse(name, kwargs={**known, key: int(number)})
            for browser in (client, ada):
                if browser.get(address).status_code >= 500 or browser.post(address, FILLED_IN).status_code >= 500:
                    broken.append(address)
    assert not broken, "\n".join(broken)


@pytest.fixture
def nul_refused(db: None) -> Iterator[None]:
    """SQLite as strict as PostgreSQL, which refuses a text with a NUL wherever it is asked."""

    def strict(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and any(isinstance(param, str) and "\x00" in param for param in params or ()):
            raise DataError("a text with a NUL")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(strict):
        yield


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
@pytest.mark.usefixtures("nul_refused")
def test_no_form_crashes_on_what_is_typed(nasty: str, scene: Scene, client_of: Callable[[Person], Client]) -> None:
    broken = []
    for visitor in ("stranger", "ada"):
        for name, _ in doors():
            client = test_doors._browser(scene.people[visitor], client_of)
            typed = {key: nasty for key in (*FILLED_IN, "code", "q", "next", "summary", "ticket", "answer", "topics")}
            for form in (
                typed,
                FILLED_IN | {"name": nasty, "note": nasty, "body": nasty, "subject": nasty, "title": nasty},
            ):
                data = "&".join(f"{key}={_quoted(value)}" for key, value in form.items())
                answer = client.post(
                    address_of(name, scene) or "/nowhere/", data, content_type="application/x-www-form-urlencoded"
                )
                if answer.status_code >= 500:
                    broken.append(f"{name} for {visitor}")
    assert not broken, "\n".join(broken)


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass")) if len(text) < 99 else text


def _arguments_of(name: str, scene: Scene) -> set[str]:
    known = arguments_of(name, scene)
    return {key for wanted in test_doors._parameters_of(name) if set(wanted) <= set(known) for key in wanted}
