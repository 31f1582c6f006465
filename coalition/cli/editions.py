"""Editions at the command line: render again, compare, verify."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from coalition.access.actor import OPERATOR
from coalition.cli.letters import PARTS, say, the_letter, write_file
from coalition.corrections import difference
from coalition.documents import operations, seal
from coalition.documents.parts import Part
from coalition.errors import NotFound
from coalition.late import late

if TYPE_CHECKING:
    from coalition.documents import verification
else:
    verification = late("coalition.documents.verification")

group = AppGroup("edition", help="Editions: render again, compare, verify.")

EXIT_CODES = {"genuine": 0, "altered": 1, "unknown_issuer": 2}


@group.command("rebuild")
@click.argument("slug")
@click.argument("number", type=int)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--paper", type=click.Choice(["A4", "Letter"]), default="A4", show_default=True)
@click.option("--part", type=click.Choice(PARTS), help="One part of it alone instead of the whole.")
@click.option("--language", default="", help="As it was compiled: fr, or en,fr,ar; without it the letter's own.")
def rebuild(slug: str, number: int, output: Path, paper: str, part: str | None, language: str) -> None:
    """Render a frozen edition again: the same bytes."""
    write_file(output, operations.rebuild(OPERATOR, the_letter(slug), number, paper=paper, language=language,
                                          part=Part(part) if part else Part.WHOLE))
    click.echo(output.resolve())


@group.command("difference")
@click.argument("slug")
@click.argument("old", type=int)
@click.argument("new", type=int)
@click.option("--outline", is_flag=True, help="Numbers alone, as outsiders are told; for public editions only.")
def compare(slug: str, old: int, new: int, outline: bool) -> None:
    """Tell what changed between two editions, a line for each entry, by name; text and counts at the end."""
    letter = the_letter(slug)
    before, after = (operations.snapshot_for(OPERATOR, letter, number) for number in (old, new))
    if outline:
        for name, value in asdict(difference.outline(before, after)).items():
            click.echo(f"{name} {'-' if value is None else value}")
        return
    found = difference.difference(before, after)
    for entry in found.added:
        click.echo(f"+ {entry.number} {entry.line}")
    for entry in found.gone:
        click.echo(f"- {entry.number} {entry.line}")
    for pair in found.corrected:
        click.echo(f"~ {pair.before.number} {pair.before.line}")
        click.echo(f"  {pair.after.number} {pair.after.line}")
    for pair in found.moved:
        click.echo(f"> {pair.before.number} {pair.after.number} {pair.after.line}")
    click.echo(f"text {'changed: ' + ', '.join(found.texts) if found.texts else 'the same'}")
    click.echo(f"signatories {found.before.signatories} {found.after.signatories}")


@group.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fingerprint", help="The issuer's seal, if it is not this installation.")
def verify_file(file: Path, fingerprint: str | None) -> None:
    """Tell whether a PDF is a genuine edition: exit 0 genuine, 1 not, 2 whole but of an unknown issuer.

    Works on the file alone, without the database.
    """
    former = () if fingerprint else seal.former()
    verdict = verification.verify(file.read_bytes(), fingerprint=fingerprint or _own_fingerprint(), former=former)
    click.echo(verdict.reason)
    if verdict.facts is not None:
        facts = verdict.facts
        what = f"{facts.part} of " if facts.part else ""
        click.echo(f"{what}letter {facts.letter}, edition {facts.edition} ({facts.audience}), version {facts.version}, "
                   f"frozen {facts.frozen_at}")
        click.echo(f"signatories {facts.counts['signatories']}, organisations {facts.counts['organisations_total']}")
    if verdict.issuer:
        click.echo(f"seal {verdict.issuer}")
    if verdict.stamp is not None:
        click.echo(f"time stamp {verdict.stamp.moment.isoformat()} by {verdict.stamp.authority}")
    if verdict.expired_at is not None:
        click.echo(f"the certificate of the seal ended since, on {verdict.expired_at.date().isoformat()}")
    sys.exit(EXIT_CODES[verdict.status])


def _own_fingerprint() -> str:
    try:
        return seal.own().fingerprint
    except NotFound:
        say("This installation has no seal of its own; give the issuer's with --fingerprint.")
        return ""


COMMANDS = (group,)
