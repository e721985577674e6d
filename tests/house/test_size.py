"""Small files, small functions. The lists of exceptions may only shrink."""

from __future__ import annotations

import ast

from tests.house.source import Function, functions, only_shrinks, place, python_files

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
LONG_FILES: frozenset[str] = frozenset()
LONG_FUNCTIONS: frozenset[str] = frozenset()


def _length(function: Function) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def test_no_file_is_longer_than_400_lines() -> None:
    found = {
        place(path)
        for path in python_files("src", "tests")
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    }
    only_shrinks(found, LONG_FILES, "Make a package of the same name, one idea in each file:")


def test_no_function_is_longer_than_40_lines() -> None:
    found = {
        f"{place(path)}:{function.name}"
        for path in python_files("src", "tests")
        for function in functions(path)
        if _length(function) > LONGEST_FUNCTION
    }
    only_shrinks(found, LONG_FUNCTIONS, "Give its parts names of their own (complexity is ruff’s to check):")
