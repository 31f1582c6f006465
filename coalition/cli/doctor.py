"""The command that looks the installation over."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from coalition.upkeep import doctor, mail_records
from coalition.upkeep.finding import Level


@click.command("doctor")
@click.option("--mail-to", metavar="ADDRESS", default="", help="Send a mail there, to see whether mails leave.")
@click.option("--dns-answers", type=click.Path(dir_okay=False, exists=True, path_type=Path),
              help="TXT records as dig prints them, instead of asking name servers.")
@click.option("--dkim-selector", "selectors", multiple=True, help="The name of your DKIM key.")
@with_appcontext
def look(mail_to: str, dns_answers: Path | None, selectors: tuple[str, ...]) -> None:
    """Look the installation over: a line for each thing, OK, WARN or FAIL, and what to do. Exit 1 if one fails."""
    answers = mail_records.asked_of_name_servers
    if dns_answers is not None:
        answers = mail_records.answers_in(mail_records.parse(dns_answers.read_text("utf-8", "replace")))
    worst = Level.OK
    for finding in doctor.look_over(mail_to=mail_to, answers=answers, selectors=selectors):
        click.echo(str(finding))
        worst = max(worst, finding.level, key=list(Level).index)
    sys.exit(1 if worst is Level.FAIL else 0)


COMMANDS = (look,)
