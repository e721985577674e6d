"""What `make check` asks of Django: no mistakes in the settings, no model change without its migration."""

from __future__ import annotations

import os
import sys
import tempfile


def run() -> int:
    """Exit code 0 when all is well. Works in a throw-away home."""
    with tempfile.TemporaryDirectory(prefix="junto-check-") as home:
        os.environ |= {"JUNTO_HOME": home, "DJANGO_SETTINGS_MODULE": "junto.config.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("check", fail_level="WARNING")
        try:
            call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
        except SystemExit as left_over:
            if left_over.code:
                sys.stderr.write("Models have changed. Run `.venv/bin/junto manage makemigrations`.\n")
            return int(left_over.code or 0)
    return 0


if __name__ == "__main__":
    raise SystemExit(run())
