"""Keeping what there is: backup, restore, holding all mail."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from coalition.access.actor import OPERATOR
from coalition.cli.letters import say
from coalition.db import unit_of_work
from coalition.documents import witness
from coalition.errors import Invalid
from coalition.upkeep import mailing
from coalition.upkeep.backup import back_up
from coalition.upkeep.encryption import RECIPIENTS_FILE
from coalition.upkeep.restoring import Restored
from coalition.upkeep.restoring import restore as put_back

_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command("backup")
@click.option("-o", "--output", type=_FILE, help="Where the data go: all rows and files, encrypted.")
@click.option("--keys", type=_FILE, help="Where seal, secrets and settings go, encrypted: never beside the data.")
@click.option("--key-file", type=_THERE, help=f"For which key to encrypt, instead of {RECIPIENTS_FILE}.")
@with_appcontext
def backup(output: Path | None, keys: Path | None, key_file: Path | None) -> None:
    """Make a backup while everything goes on; last line: its path. Both files can be opened with backup.key only, and
    by any program for age."""
    if output is None and keys is None:
        raise Invalid("Say where the backup goes: -o FILE for the data, --keys FILE for the keys.")
    for written in back_up(OPERATOR, output, keys, key_file):
        say(f"{written.path.name}: {written.size:,} bytes, sha256 {written.sha256}")
    if output is not None and keys is None:
        say("The keys are not in it: copy them with --keys, once and after each change, and keep that file elsewhere.")
    click.echo((output or keys or Path()).resolve())


@click.command("restore")
@click.argument("source", metavar="FILE", type=_THERE)
@click.option("--key-file", type=_THERE, required=True, help="backup.key, as “coalition init” made it.")
@click.option("--keys", type=_THERE, help="The file that “backup --keys” made.")
@click.option("--keys-are-lost", is_flag=True, help="Restore without seal and secrets.")
@with_appcontext
def restore(source: Path, key_file: Path, keys: Path | None, keys_are_lost: bool) -> None:
    """Put a backup into an empty installation. Mail is held until “coalition mail release”."""
    done = put_back(OPERATOR, source, keys, key_file, keys_are_lost=keys_are_lost,
                    progress=lambda step: say(f"  {step}"))
    _say_what_next(done)
    found = witness.check_log()
    if found.broken is not None:
        click.echo(f"restored, but the audit log is broken at entry {found.broken.sequence}: {found.broken.reason}")
        sys.exit(1)
    click.echo(f"restored: {done.rows} rows, {done.files} files, {done.keys} keys; audit log whole: "
               f"{found.head.sequence} entries")


def _say_what_next(done: Restored) -> None:
    say(f"""Everything stands as it did at {done.taken_at:%Y-%m-%d %H:%M} UTC. What was done later is not in it: names
withdrawn since are back, links revoked since work again. Before you serve it, go through what came in since.
* All mail is held; {done.mails} wait. They may have left before the machine was lost: “coalition mail release
  --without-old” cancels them and lets newer ones go, “coalition mail release” sends all.
* Nobody is signed in any more. Passwords, second factors and links in mails work as before.
* “coalition doctor” looks everything over.""")
    if done.has_settings:
        say("* The settings lie in config.toml.from-backup: compare them, then rename the file.")


mail = AppGroup("mail", help="All mail that leaves.")


@mail.command("hold")
def hold() -> None:
    """Hold all mail back; what is written meanwhile waits."""
    with unit_of_work():
        waiting = mailing.hold(OPERATOR)
    click.echo(f"All mail is held; {waiting} wait. “coalition mail release” lets them go.")


@mail.command("release")
@click.option("--without-old", is_flag=True, help="After a restore: cancel those that were in the backup.")
def release(without_old: bool) -> None:
    """Let mail leave again."""
    with unit_of_work():
        waiting, cancelled = mailing.release(OPERATOR, without_old=without_old)
    click.echo(f"Mail leaves again: {waiting} wait, {cancelled} were cancelled.")


COMMANDS = (backup, restore, mail)
