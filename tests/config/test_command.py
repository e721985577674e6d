"""The `junto` command, as somebody at a terminal meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from junto.config import environment, trial
from junto.config.command import main
from junto.config.command.ground import community_of, progress_of, tell
from junto.kit.reports import Report

DESIGNED = {
    "serve", "demo", "web", "mailroom", "worker", "import", "export", "backup", "restore", "doctor", "judge", "bench", "manage",
}  # fmt: skip


def test_the_commands_are_those_of_the_design() -> None:
    assert set(main.commands) == DESIGNED
    assert set(main.commands["import"].commands) == {"agencies", "digitalgov", "mbox", "roster"}  # type: ignore[attr-defined]


def test_help_lists_every_setting_with_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    text = CliRunner().invoke(main, ["serve", "--help"]).output
    assert not [setting.name for setting in environment.SETTINGS if setting.name not in text]


def test_help_does_not_load_django() -> None:
    code = "import sys, junto.config.command; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False).returncode == 0


def test_a_command_that_is_not_understood_exits_with_2() -> None:
    assert CliRunner().invoke(main, ["import", "mbox", "/nowhere", "--community", "x"]).exit_code == 2
    assert CliRunner().invoke(main, ["dance"]).exit_code == 2


@pytest.mark.django_db
def test_an_unknown_community_names_those_that_exist(cop) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Exception, match="customer-experience"):
        community_of("customer-experiance")
    assert community_of("customer-experience") == cop


def test_a_report_is_told_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(read=2, taken=1, skipped=1)
    report.note("line 2", "no address", "skipped")
    tell(report, tmp_path / "report.json")
    out = capsys.readouterr().out
    assert "line 2: no address (skipped)" in out
    assert "took 1" in out
    assert '"where": "line 2"' in (tmp_path / "report.json").read_text()


def test_nothing_taken_because_of_a_mistake_exits_with_1() -> None:
    report = Report(read=1, skipped=1)
    report.note("line 1", "not a register", "nothing was changed")
    with pytest.raises(SystemExit) as ending:
        tell(report, None)
    assert ending.value.code == 1


def test_taking_the_same_thing_twice_is_no_mistake() -> None:
    report = Report(read=1, already_there=1)
    report.note("line 1", "a blank name", "left as it was")
    tell(report, None)


def test_progress_off_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_of("Messages") as show:
        for done in range(1, 101):
            show(done, 100)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[-1] == "Messages: 100 of 100"


def test_the_demo_takes_free_ports_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*trial.PORTS, "JUNTO_HOME", "JUNTO_DATABASE_URL", "JUNTO_RELAY_URL", "JUNTO_DEBUG", "JUNTO_SITE_URL"):
        monkeypatch.setenv(name, environment.read(name))
    with trial.throw_away_home() as home:
        (home / "something").write_text("x")
        ports = {environment.read(name) for name in trial.PORTS}
        assert len(ports) == 3
        assert environment.home() == home
    assert not home.exists()


def test_a_report_without_a_folder_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("x")
    line = ["import", "agencies", str(tmp_path / "register.csv"), "--report", str(tmp_path / "none" / "report.json")]
    answer = CliRunner().invoke(main, line)
    assert answer.exit_code == 2
    assert "There is no folder" in answer.output


def test_the_mailroom_ends_before_the_supervisor_loses_patience() -> None:
    from junto.config.supervisor import GRACE
    from junto.mail.intake import LAST_SECONDS

    assert LAST_SECONDS < GRACE
