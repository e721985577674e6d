"""An action is keyword-only and ends in `by=`; it asks a rule and writes in the book."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.source import DOMAINS, SRC, Function, modules_named, only_shrinks, public_functions, tree

WITHOUT_BY = frozenset(
    {
        "people.note_bounce",  # a mail server speaks, nobody acts
        "people.start_sign_in",  # nobody is signed in yet
    }
)
POSITIONAL: frozenset[str] = frozenset()
QUIET: frozenset[str] = frozenset()
FOUNDATIONS = {"audit", "mail", "search"}
"""Engines whose actions have no actor: they know bytes, addresses and documents."""


def _actions() -> list[tuple[str, Path, Function]]:
    """Every action as (room.name, file, function). In a package those that its __init__ exports; the rest is shared
    between its files."""
    return [
        (f"{room}.{function.name}", path, function)
        for path in modules_named("actions")
        if (room := path.relative_to(SRC).parts[0]) not in FOUNDATIONS
        for function in public_functions(path)
        if _is_exported(function.name, path)
    ]


def _is_exported(name: str, path: Path) -> bool:
    front = path.parent / "__init__.py"
    if path.name == "actions.py" or "__all__" not in front.read_text(encoding="utf-8"):
        return True
    return f'"{name}"' in front.read_text(encoding="utf-8").partition("__all__")[2]


def test_every_action_says_who_acts() -> None:
    found = {name for name, _, function in _actions() if "by" not in _keywords(function)}
    only_shrinks(
        found,
        WITHOUT_BY & {name for name, _, _ in _actions()},
        "Add a keyword-only `by`; None where a rule or a clock acts:",
    )


def test_every_action_is_keyword_only() -> None:
    found = {
        name
        for name, path, function in _actions()
        if (function.args.args or function.args.posonlyargs)
        and "records" not in path.parts
        and not _is_import(function)
    }
    only_shrinks(found, POSITIONAL, "Put a `*` in front of its arguments:")


def test_every_action_asks_a_rule_or_writes_in_the_book() -> None:
    found = {name for name, path, function in _actions() if not _is_on_the_record(function, path)}
    only_shrinks(found, QUIET, 'Call `require(rules.may_…)` and `record("room.thing.happened", …)`:')


def _keywords(function: Function) -> set[str]:
    return {argument.arg for argument in function.args.kwonlyargs} | {argument.arg for argument in function.args.args}


def _is_import(function: Function) -> bool:
    return function.name.startswith("take")


def _is_on_the_record(function: Function, path: Path, depth: int = 0) -> bool:
    """Whether it calls require, record, a rule or another action, itself or through functions of its module."""
    helpers = {node.name: node for node in tree(path).body if isinstance(node, Function)}
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        name, owner = _called(call)
        if name in {"require", "record"} or owner in {"rules", "actions", "audit", *DOMAINS}:
            return True
        if (
            name in helpers
            and depth < 3
            and name != function.name
            and _is_on_the_record(helpers[name], path, depth + 1)
        ):
            return True
    return False


def _called(call: ast.Call) -> tuple[str, str]:
    """The name that is called, and the module it is called on."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr, function.value.id if isinstance(function.value, ast.Name) else ""
    return (function.id, "") if isinstance(function, ast.Name) else ("", "")
