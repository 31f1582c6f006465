"""Setting an installation up."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from coalition import clock, migrating
from coalition.access.actor import OPERATOR
from coalition.accounts import operations as accounts
from coalition.accounts import queries as people
from coalition.audit import chain, checkpoints
from coalition.config import setting
from coalition.db import unit_of_work
from coalition.documents import seal
from coalition.upkeep import encryption, files, shared_keys

DEFAULT_EMAIL = "admin@example.org"


@click.command("init")
@click.option("--email", default=DEFAULT_EMAIL, show_default=True, help="Address of the first administrator.")
@click.option("--new-keys", is_flag=True, help="Work with this machine's keys from now on, though others were used.")
@with_appcontext
def init(email: str, new_keys: bool) -> None:
    """Set the installation up: keys, database, and a one-time link for the first administrator."""
    link = set_up(email, new_keys=new_keys)
    if link is None:
        click.echo("Everything is in place already.")
        return
    if (Path(setting("INSTANCE")) / encryption.KEY_FILE).exists():
        click.echo(f"Move {encryption.KEY_FILE} to another machine: it opens backups, and must outlive this one.",
                   err=True)
    if setting("PRODUCTION") and email == DEFAULT_EMAIL:
        click.echo("Nobody has the address admin@example.org, so no mail reaches this administrator: give yours with "
                   "--email next time, or invite yourself and end this one's access.", err=True)
    click.echo("The installation is ready. Open this link once to become its administrator:", err=True)
    click.echo(link)


def set_up(email: str, *, new_keys: bool = False) -> str | None:
    """Make what is missing of keys and database; the enrolment link of the first administrator, None if one was
    invited before. Raises `WrongState` on a machine with other keys than the installation, unless they are to be
    `new_keys`."""
    instance = Path(setting("INSTANCE"))
    migrating.upgrade()
    if not new_keys:
        shared_keys.require_same()
    if setting("SEAL_FILE"):
        seal.own().check_valid(clock.now())
    elif not (instance / seal.FILE_NAME).exists():
        seal.new_key(instance, name=setting("COALITION_NAME"))
    encryption.make_key(instance)
    with unit_of_work():
        shared_keys.note(OPERATOR, even_others=new_keys)
    checkpoints.write_if_due()
    files.close_to_others(instance)
    if people.any_administrator():
        return None
    with unit_of_work():
        chain.record(OPERATOR, "installation.created", "installation", 1)
        return accounts.invite(OPERATOR, name="Administrator", email=email, administrator=True, coordinator=True)


COMMANDS = (init,)
