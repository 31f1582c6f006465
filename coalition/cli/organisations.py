"""The operator's hand on the register of organisations: find, merge, take a merge back."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from coalition.access.actor import OPERATOR
from coalition.db import db, unit_of_work
from coalition.endorsements import bodies
from coalition.errors import NotFound
from coalition.organisations import queries
from coalition.organisations.models import Organisation
from coalition.review import merging

register = AppGroup("register", help="The register of organisations.")


@register.command("find")
@click.argument("words", default="")
def find(words: str) -> None:
    """A line for each organisation with these words in one of its names, in any script: id, state, name, country."""
    number, pages = 1, 1
    while number <= pages:
        page = bodies.known_to(OPERATOR, search=words, page=number, size=200)
        for row in page.rows:
            click.echo(f"{row.public_id}\t{row.state}\t{row.name}\t{row.country or row.country_text or '-'}")
        number, pages = number + 1, page.pages


@register.command("merge")
@click.argument("kept")
@click.argument("merged")
@click.option("--reason", required=True, help="Kept with the change.")
def merge(kept: str, merged: str, reason: str) -> None:
    """Say that MERGED is the same body as KEPT: its signatures, people and names move there. Both are named by the id
    that “register find” prints."""
    with unit_of_work():
        made = merging.merge(OPERATOR, _body(kept), _body(merged), reason=reason)
        names = db.session.get_one(Organisation, made.absorbed_id).name, db.session.get_one(
            Organisation, made.kept_id).name
    click.echo(f"“{names[0]}” was merged into “{names[1]}”")


@register.command("undo-merge")
@click.argument("merged")
@click.option("--reason", required=True, help="Kept with the change.")
def undo_merge(merged: str, reason: str) -> None:
    """Take back the merge of MERGED into another body: what came along goes back."""
    with unit_of_work():
        absorbed = _body(merged)
        made = merging.merge_of(absorbed)
        if made is None:
            raise NotFound(f"“{absorbed.name}” was not merged into another organisation.")
        merging.undo(OPERATOR, made, reason=reason)
        name = absorbed.name
    click.echo(f"“{name}” stands by itself again")


def _body(public_id: str) -> Organisation:
    found = queries.by_public_id(public_id)
    if found is None:
        raise NotFound(f"No organisation of the register has the id “{public_id}”. “coalition register find WORDS” "
                       "prints the ids.")
    return found


COMMANDS = (register,)
