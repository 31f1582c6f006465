"""The console script `coalition`: the application's commands."""

from __future__ import annotations

import sys

from flask.cli import FlaskGroup

from coalition.app import create_app
from coalition.errors import CoalitionError


def main() -> None:
    """Run one command. An application that cannot start says why, exit code 1."""
    group = FlaskGroup(create_app=create_app, add_default_commands=False, add_version_option=False,
                       help="Joint open letters: sign-on, approval, signatory lists, one verifiable PDF.")
    try:
        group.main(prog_name="coalition")
    except CoalitionError as refusal:
        for line in refusal.message.splitlines():
            print(f"coalition: {line}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
