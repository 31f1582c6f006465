"""What the operator checks and whom they let in: the audit log, people."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from coalition.access.actor import OPERATOR
from coalition.accounts import operations as accounts
from coalition.accounts import queries as people
from coalition.audit import chain
from coalition.db import unit_of_work

audit = AppGroup("audit", help="The audit log.")
person = AppGroup("person", help="People of the staff.")


@audit.command("verify")
def verify_audit() -> None:
    """Walk the chain: exit 0 when it is whole, 1 with the first broken entry."""
    found = chain.verify()
    if isinstance(found, chain.Broken):
        click.echo(f"broken at entry {found.sequence}: {found.reason}")
        sys.exit(1)
    click.echo(f"whole: {found} entries, head {chain.head_hash()}")


@person.command("invite")
@click.argument("email")
@click.option("--name", default="")
@click.option("--administrator", is_flag=True)
@click.option("--coordinator", is_flag=True, help="May begin letters.")
def invite(email: str, name: str, administrator: bool, coordinator: bool) -> None:
    """Invite a member of staff; prints the one-time link, which is mailed too."""
    with unit_of_work():
        link = accounts.invite(OPERATOR, name=name, email=email, administrator=administrator,
                               coordinator=coordinator)
    click.echo(link)


@person.command("list")
def list_people() -> None:
    """A line for each member of staff."""
    for found in people.all_people():
        rights = [word for word, holds in (("administrator", found.is_administrator),
                                           ("coordinator", found.is_coordinator)) if holds]
        state = "no access" if not found.active else "in" if found.password else "invited"
        click.echo(f"{found.email}\t{state}\t{' '.join(rights) or '-'}")


COMMANDS = (audit, person)
