"""What the people room's tests share: small registers, and the letters that were posted."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import render_to_string

from junto.mail.letter import Letter

if importlib.util.find_spec("junto.mail.actions") is None:
    import junto.mail

    _stub = ModuleType("junto.mail.actions")
    _stub.post = lambda letter, *, to, about="": None
    sys.modules["junto.mail.actions"] = _stub
    junto.mail.actions = _stub

HEADER = "Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email"
ROWS = (
    "epa.gov,Federal - Executive,Environmental Protection Agency,,Washington,DC,infosec@epa.gov",
    "gsa.gov,Federal - Executive,General Services Administration,Office of GSA IT,Washington,DC,(blank)",
    "irs.gov,Federal - Executive,Department of the Treasury,Internal Revenue Service,Washington,DC,x@irs.gov",
    "treasury.gov,Federal - Executive,Department of the Treasury,Department of the Treasury - OCIO,Washington,DC,(blank)",
    "senate.gov,Federal - Legislative,United States Senate,,Washington,DC,(blank)",
    "uscourts.gov,Federal - Judicial,Administrative Office of the United States Courts,,Washington,DC,(blank)",
    "smithsonian.gov,Federal,Smithsonian Institution,,Washington,DC,(blank)",
    "ny.gov,State or territory,State of New York,,Albany,NY,hostmaster@ny.gov",
    "dmv.ny.gov,State or territory,State of New York,Department of Motor Vehicles,Albany,NY,(blank)",
    "andoverma.gov,City,TOWN OF ANDOVER,,Andover,MA,(blank)",
    "andoverma-votes.gov,City - Election, Town of  Andover ,,Andover,MA,(blank)",
    "andoverct.gov,City,Town of Andover,,Andover,CT,(blank)",
    "uintah.gov,County,Uintah County Government,,,,(blank)",
    "lakewater.gov,Special district,Lake Water District,,Lake,CA,(blank)",
    "mptn-nsn.gov,Tribal,Mashantucket Pequot Tribal Nation,,Mashantucket,CT,(blank)",
    "d211il.gov,School district,Palatine Township High School District 211,,Palatine,IL,(blank)",
    "mrcog-nm.gov,Interstate,Mid-Region Council of Governments,,Albuquerque,NM,(blank)",
)


@dataclass
class Posted:
    letter: Letter
    to: str


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[Posted]:
    """Every letter that this room handed to the mail engine."""
    from junto.mail import actions as mail_actions

    box: list[Posted] = []

    def post(letter: Letter, *, to: str, about: str = "") -> None:
        box.append(Posted(letter, to))

    monkeypatch.setattr(mail_actions, "post", post)
    return box


@pytest.fixture(autouse=True)
def _look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look of letters, plain, as long as the room that draws them is not there."""
    from junto.ui import letters as look

    try:
        look.render("people.sign_in_code", {})
    except NotImplementedError:
        monkeypatch.setattr(look, "render", _drawn_plainly)
    try:
        get_default_renderer().get_template("django/forms/div.html")
    except TemplateDoesNotExist:
        monkeypatch.setattr("django.forms.forms.get_default_renderer", DjangoTemplates)


def _drawn_plainly(kind: str, context: dict[str, Any]) -> Any:
    from junto.ui.letters import Rendered

    room, _, name = kind.partition(".")
    subject, text = (render_to_string(f"{room}/letters/{name}/{part}.txt", context) for part in ("subject", "body"))
    return Rendered(subject.strip(), text, "")


@pytest.fixture
def register(tmp_path: Path) -> Callable[..., Path]:
    """Writes a register; without arguments, a good small one."""

    def write(*rows: str, header: str = HEADER, name: str = "current-full.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("\r\n".join((header, *(rows or ROWS), "")).encode(encoding))
        return path

    return write
