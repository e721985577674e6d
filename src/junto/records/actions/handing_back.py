"""Hands somebody what is kept about them: facts as JSON, posts as mbox, photo and drafts, in one ZIP file."""

from __future__ import annotations

import json
import tempfile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder

from junto.audit.actions import record
from junto.discussions import queries as discussions
from junto.kit.rulings import require
from junto.people.models import Person
from junto.records import queries, rules
from junto.records.actions._mbox import write_mbox

_IN_MEMORY = 5_000_000
_READ_ME = """What {site} keeps about you.

data.json   your profile, addresses, memberships, list of posts, drafts, and what the book says that you did
posts.mbox  everything that you wrote in discussions; opens in any mail program
photo.*     your photo, where you gave one
drafts/     the files of what you have written and not sent; data.json says to which draft each belongs
"""


def hand_back(*, person: Person, site_name: str = "this site", by: Person) -> IO[bytes]:
    """An open ZIP file, at its start, that is gone when it is closed. Written in the book. Raises Refused."""
    require(rules.may_see_data(by, person))
    whole = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the answer closes it
    with ZipFile(whole, "w", ZIP_DEFLATED) as folder:
        folder.writestr("README.txt", _READ_ME.format(site=site_name))
        folder.writestr("data.json", facts_as_json(person=person, by=by))
        with folder.open("posts.mbox", "w") as file:
            write_mbox(discussions.written_by(person), file)
        for name, content in queries.files_about(person):
            folder.writestr(name, content)
    whole.seek(0)
    return whole


def facts_as_json(*, person: Person, by: Person) -> str:
    """The facts alone. Written in the book. Raises Refused."""
    require(rules.may_see_data(by, person))
    record("records.data.handed_back", about=person, by=by)
    return json.dumps(queries.facts_about(person), indent=2, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"
