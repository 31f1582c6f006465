"""The command `coalition demo`."""

from __future__ import annotations

import contextvars
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from coalition import clock
from coalition.cli.demo import road
from coalition.cli.installation import set_up
from coalition.config import setting
from coalition.upkeep.files import DEMO_NOTE

ACCOUNTS = f"""You can sign in with the password “{road.PASSWORD}” as
  {road.COORDINATOR}         who approves signatures
  {road.SECOND_COORDINATOR}  who does too
  {road.SECRETARIAT}         who compiles the letter
  {road.ADMINISTRATOR}               who looks after people, mail and the audit log
"""


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Take the real letter of 24 February 2016 down the whole road; the last line is its PDF."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    # Twenty people at once behind one address: what the limits are there to stop.
    for limiter in app.extensions["limiter"]:
        limiter.enabled = False
    # The seal's certificate must be older than what it seals.
    with clock.travelling(road.BEGUN):
        link = set_up(road.ADMINISTRATOR)
    # In a context of its own: a request made inside this command's would share the command's `g` with the others.
    pdf = contextvars.Context().run(road.walk, app, _say, link)
    (Path(setting("INSTANCE")) / DEMO_NOTE).write_text(ACCOUNTS, "utf-8")
    click.echo(f"\n{ACCOUNTS}\nTo look around: make run\n", err=True)
    click.echo(pdf.resolve())


def _say(step: str) -> None:
    click.echo(f"  {step}", err=True)


COMMANDS = (demo,)
