"""What the operator checks and whom they let in: the audit log, people."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from coalition.access.actor import OPERATOR
from coalition.accounts import operations as accounts
from coalition.accounts import queries as people
from coalition.accounts import second_factor
from coalition.audit import chain, checkpoints, keys
from coalition.audit.chain import Known
from coalition.db import unit_of_work
from coalition.documents import witness
from coalition.errors import NotFound
from coalition.upkeep import shared_keys

audit = AppGroup("audit", help="The audit log.")
person = AppGroup("person", help="People of the staff.")


class _Noted(click.ParamType[Known]):
    """A head as it was noted: NUMBER:HASH of a mail or a checkpoint, or the HASH alone that an edition prints."""

    name = "[NUMBER:]HASH"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Known:
        number, _colon, digest = value.strip().rpartition(":")
        digest = "".join(digest.split()).lower()
        if not 12 <= len(digest) <= 64 or set(digest) - set("0123456789abcdef") or not (number or "0").isdecimal():
            self.fail("give the number and the hash with a colon between, or the hash alone; 12 digits at least")
        return Known(digest, int(number) if number else None)


@audit.command("verify")
@click.option("--checkpoint", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A copy of audit-checkpoints.txt that was kept elsewhere.")
@click.option("--head", "heads", multiple=True, type=_Noted(),
              help="What was noted elsewhere: NUMBER:HASH of a daily mail, or the hash that an edition prints.")
def verify_audit(files: tuple[Path, ...], heads: tuple[Known, ...]) -> None:
    """Walk the chain and hold it against checkpoints and editions: exit 0 when it is whole, 1 with the first broken
    entry."""
    found = witness.check_log(files=files, known=heads)
    if found.broken is not None:
        upto = f" to {found.broken.to}" if found.broken.to and found.broken.to != found.broken.sequence else ""
        click.echo(f"broken at entry {found.broken.sequence}{upto}: {found.broken.reason}")
        sys.exit(1)
    click.echo(f"whole: {found.head.sequence} entries, head {found.head.hash}")
    if not found.checkpoints:
        click.echo("There is no checkpoint beside the database: whether the end was cut off is told by it alone.",
                   err=True)


@audit.command("checkpoint")
def write_checkpoint() -> None:
    """Write down now how far the log goes; prints it as --head of “audit verify” takes it."""
    made = checkpoints.write()
    click.echo(f"{made.reached.sequence}:{made.reached.hash}")


@audit.command("change-key")
def change_key() -> None:
    """Seal new entries with a new key. Former ones stay in audit.key: old entries are checked with them."""
    before, after = keys.change()
    with unit_of_work():
        chain.record(OPERATOR, "audit.key_changed", "installation", 1, before=before.name, after=after.name)
        shared_keys.note(OPERATOR)
    checkpoints.write()
    click.echo(f"New entries are sealed with key {after.name}. Put a copy of audit.key where the backups of keys are, "
               "and on every other machine of the installation.")


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


@person.command("reset-factor")
@click.argument("email")
@click.option("--reason", required=True, help="Kept in the audit log: how you know that it is them.")
def reset_factor(email: str, reason: str) -> None:
    """Forget the app, passkeys and recovery codes of somebody who lost them; their sessions end, their password
    stays."""
    with unit_of_work():
        found = people.person_by_email(email)
        if found is None:
            raise NotFound(f"Nobody of the staff has the address {email}. “coalition person list” shows them all.")
        second_factor.reset(OPERATOR, found, reason)
    click.echo(f"{email}: signed out everywhere; sets up a new second factor at the next sign-in.")


COMMANDS = (audit, person)
