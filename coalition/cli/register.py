"""Hangs all commands into the application."""

from __future__ import annotations

from flask import Flask

from coalition.cli import editions, installation, letters, oversight, work
from coalition.cli.demo import command as demo


def register(app: Flask) -> None:
    """All commands, in the order a newcomer meets them."""
    for commands in (installation.COMMANDS, letters.COMMANDS, editions.COMMANDS, oversight.COMMANDS,
                     demo.COMMANDS, work.COMMANDS):
        for made in commands:
            app.cli.add_command(made)
