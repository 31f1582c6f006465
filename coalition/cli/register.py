"""Hangs all commands into the application, each with plain words for whatever is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from coalition.cli import doctor, editions, erasing, installation, keeping, letters, organisations, oversight, work
from coalition.cli.demo import command as demo
from coalition.db import is_out_of_order
from coalition.errors import CoalitionError, Invalid


def register(app: Flask) -> None:
    """All commands, in the order a newcomer meets them."""
    for commands in (installation.COMMANDS, letters.COMMANDS, editions.COMMANDS, oversight.COMMANDS,
                     organisations.COMMANDS, erasing.COMMANDS, demo.COMMANDS, work.COMMANDS, keeping.COMMANDS,
                     doctor.COMMANDS):
        for made in commands:
            _speak_plainly(made)
            app.cli.add_command(made)


class Refused(click.ClickException):
    """A refusal at the command line: words on standard error, exit code 1."""

    def show(self, file: Any = None) -> None:
        click.echo(f"coalition: {self.message}", err=True)


def _speak_plainly(command: click.Command) -> None:
    """Turn refusals of a command, or of all commands of a group, into words. Applications share the commands, so
    one that speaks plainly already is left alone."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _speak_plainly(inner)
    elif command.callback is not None and not hasattr(command.callback, "speaks_plainly"):
        command.callback = _in_plain_words(command.callback)


def _in_plain_words(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def spoken(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except Invalid as refusal:
            fields = "".join(f"\n  {name}: {words}" for name, words in refusal.fields.items())
            raise Refused(refusal.message + fields) from refusal
        except CoalitionError as refusal:
            raise Refused(refusal.message) from refusal
        except DatabaseError as trouble:
            if not is_out_of_order(trouble):
                raise
            raise Refused(f"the database cannot be used ({trouble.orig}). Run “coalition init” if this installation "
                          "is new, or has been updated.") from trouble

    spoken.speaks_plainly = True  # type: ignore[attr-defined]
    return spoken
