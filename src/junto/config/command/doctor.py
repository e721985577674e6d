"""`junto doctor`: what the DNS should hold, what is well and what is not, and what to tell the postmasters of agencies."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from junto.config.command.ground import start_django

_SIGNS = {"good": "ok  ", "advice": "hint", "bad": "BAD ", "unknown": "?   "}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--server", default="", help="Name of your mail server, where it is not JUNTO_TRUSTED_AUTHSERV_ID.")
def doctor(as_json: bool, server: str) -> None:
    """Print the DNS records of this installation, check settings, relay, intake and DNS, and draft the letter to postmasters.

    Exit code 1 when something is bad; hints and what could not be looked up do not count.
    """
    start_django()
    told = _examine(server)
    if as_json:
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        _tell(told)
    if not told["is_well"]:
        sys.exit(1)


def _examine(server: str) -> dict[str, Any]:
    from junto.config.doctor import dns, here, records
    from junto.mail import authentication
    from junto.mail.dkim.keys import BadKey

    server = server.lower().rstrip(".") or records.mail_server()
    findings = here.look()
    try:
        findings += dns.look(authentication.ask_dns, server)
        wanted = records.wanted(server)
        letter = records.for_postmasters(server, dns.addresses(authentication.ask_dns, server))
    except BadKey:
        wanted, letter = [], ""
    return {
        "is_well": not any(finding.state == "bad" for finding in findings),
        "findings": [asdict(finding) for finding in findings],
        "records": [{**asdict(record), "zone_line": record.zone_line} for record in wanted],
        "reverse": f"The address of {server} must have the name {server} (PTR), and the name that address.",
        "mta_sts_policy": records.mta_sts_policy(server),
        "for_postmasters": letter,
    }


def _tell(told: dict[str, Any]) -> None:
    click.echo("DNS records\n")
    for record in told["records"]:
        click.echo(f"; {record['why']}\n{record['zone_line']}")
    click.echo(f"; {told['reverse']}\n")
    click.echo("Policy of MTA-STS, to be served as /.well-known/mta-sts.txt of the name mta-sts.…:")
    click.echo("set mode to enforce once reports are clean, and change the id of the record with it\n")
    click.echo("".join(f"    {line}\n" for line in told["mta_sts_policy"].splitlines()))
    click.echo("Findings\n")
    width = max(len(finding["about"]) for finding in told["findings"])
    for finding in told["findings"]:
        click.echo(f"{_SIGNS[finding['state']]}  {finding['about']:<{width}}  {finding['words']}")
    click.echo(f"\nFor the postmasters of agencies\n\n{told['for_postmasters']}")


COMMANDS = (doctor,)
