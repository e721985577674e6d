"""Static files are collected when they changed, and only then."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from django.test import override_settings

from junto.config import static


@pytest.fixture
def root(tmp_path: Path):  # type: ignore[no-untyped-def]
    with override_settings(STATIC_ROOT=str(tmp_path / "static")):
        yield tmp_path / "static"


def test_collected_once_and_again_after_a_change(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert static.collect()
    assert not static.collect()
    monkeypatch.setattr(static, "fingerprint", lambda: "another version")
    assert static.collect()
    assert (root / ".collected").read_text() == "another version"


def test_serve_says_what_is_missing_where_the_styles_are_not_built(monkeypatch):
    from junto.config.command import running

    monkeypatch.setattr(static, "STYLES", "junto/built/nothing.css")
    with pytest.raises(click.ClickException, match="make setup"):
        running.prepare()
