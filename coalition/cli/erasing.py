"""Erasing personal data from the command line: counted first, done with --yes only."""

from __future__ import annotations

from collections.abc import Mapping

import click
from flask import current_app
from flask.cli import AppGroup

from coalition.access.actor import OPERATOR
from coalition.db import db, unit_of_work
from coalition.erasure import operations as erasure
from coalition.erasure import queries
from coalition.erasure.scope import WHAT
from coalition.errors import NotFound
from coalition.jobs import tasks
from coalition.letters import queries as letter_queries

erase = AppGroup("erase", help="Erase personal data. Editions, printed names, counts and the audit chain stay.")
_YES = click.option("--yes", is_flag=True, help="Do it. Without this, only what would go is counted.")


@erase.command("letter")
@click.argument("slug")
@_YES
def erase_letter(slug: str, *, yes: bool) -> None:
    """What is personal about an archived or cancelled letter."""
    letter = letter_queries.by_slug(slug)
    if letter is None:
        raise NotFound(f"There is no letter “{slug}”: see “coalition letter list”.")
    _tell(queries.would_go(letter.id))
    if yes:
        with unit_of_work():
            erasure.erase_letter(OPERATOR, letter)
        _wipe()
    else:
        click.echo("Nothing was erased: say --yes.", err=True)


@erase.command("signature")
@click.argument("reference")
@_YES
def erase_signature(reference: str, *, yes: bool) -> None:
    """What is known of a signature that was withdrawn, declined or never confirmed."""
    endorsement = queries.by_reference(reference)
    if endorsement is None:
        raise NotFound(f"There is no signature with the reference “{reference}”.")
    _tell(queries.would_go(endorsement.letter_id, endorsement.id))
    if yes:
        with unit_of_work():
            erasure.erase_endorsement(OPERATOR, endorsement)
        _wipe()
    else:
        click.echo("Nothing was erased: say --yes.", err=True)


@erase.command("due")
def erase_due() -> None:
    """What the worker does at night: announce, erase what is due, wipe the files of the database."""
    number = tasks.erase_due(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(f"{number} letters erased; {len(queries.to_wipe())} erasures still to be wiped from the files")


def _tell(counts: Mapping[str, int]) -> None:
    for what, number in counts.items():
        click.echo(f"{number:>6}  {WHAT[what]}")


def _wipe() -> None:
    db.session.rollback()
    if tasks.wipe_files():
        click.echo("Erased, and wiped from the files of the database.")
    else:
        click.echo("Erased. The files of the database are in use: the worker wipes them at night.")


COMMANDS = (erase,)
