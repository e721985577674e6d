"""What must be declared beside the thing: who opens a view, how long a model is kept, what a letter consists of."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from junto.audit.retention import Retention
from junto.ui.doors import Who
from tests.house.source import DOMAINS, SRC, only_shrinks, place, public_functions

PARTS = ("subject.txt", "body.txt", "body.mjml")
OUTSIDE = ("django.", "whitenoise.")


def views() -> list[tuple[str, object]]:
    """Every view behind an address, with its name as in reverse()."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, namespace: str):  # type: ignore[no-untyped-def]
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, (namespace, entry.namespace)))
            yield from _walk(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}:{entry.name}" if namespace else str(entry.name), entry.callback


def test_every_view_declares_who_may_open_it() -> None:
    found = {
        f"{name} ({view.__module__}.{getattr(view, '__name__', view)})"  # type: ignore[attr-defined]
        for name, view in views()
        if not isinstance(getattr(view, "door", None), Who) and not view.__module__.startswith(OUTSIDE)
    }
    only_shrinks(found, frozenset(), "Put @opens_to(Who.…) in front of the view:")


def test_every_address_has_a_name() -> None:
    found = {f"{view}" for name, view in views() if name.endswith("None")}
    only_shrinks(found, frozenset(), "Give the path a name=:")


def test_every_model_declares_its_retention() -> None:
    found = {
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("junto.") and not isinstance(getattr(model, "retention", None), Retention)
    }
    only_shrinks(found, frozenset(), 'Declare retention = Retention(Kind.…, "what personal data"):')


def test_every_letter_has_three_parts_and_a_preview() -> None:
    missing = set()
    for room in (*DOMAINS, "mail"):
        for folder in sorted((SRC / room / "templates" / room / "letters").glob("*/")):
            missing |= {f"{place(folder)}/{part}" for part in PARTS if not (folder / part).is_file()}
            if folder.name not in _previews(room):
                missing.add(f"junto.{room}.letters.PREVIEWS[{folder.name!r}]")
    only_shrinks(missing, frozenset(), "Write the part that is missing:")


def _previews(room: str) -> set[str]:
    """Names in PREVIEWS; "people.sign_in" and "sign_in" name the same letter, as do dashes and underscores."""
    if find_spec(f"junto.{room}.letters") is None:
        return set()
    names = getattr(import_module(f"junto.{room}.letters"), "PREVIEWS", {})
    return {form for name in names for tail in [name.rpartition(".")[2]] for form in (tail, tail.replace("-", "_"))}


def test_every_inbound_door_takes_the_incoming_letter() -> None:
    for room in DOMAINS:
        path = SRC / room / "inbound.py"
        for door in public_functions(path) if path.exists() else ():
            names = [argument.arg for argument in door.args.args]
            assert names[:1] == ["incoming"], f"{place(path)}:{door.name}: the first argument is `incoming`"
