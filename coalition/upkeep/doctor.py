"""The whole look-over: every check, none of which keeps the next from being made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.utils import parseaddr
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from coalition.config import setting
from coalition.db import db
from coalition.errors import CoalitionError
from coalition.mail import trying
from coalition.upkeep import database, files, machine, machines, mail_records
from coalition.upkeep.finding import Finding, fail, ok, warn

Check = Callable[[], Iterator[Finding]]

_MACHINE: tuple[Check, ...] = (machine.settings, machine.keys, machine.font_files, machine.certificate, machine.disk)
_DATABASE: tuple[Check, ...] = (database.soundness, database.hours, database.people, database.worker,
                                database.outgoing, database.backups, machines.keys, machines.meeting)


def look_over(*, mail_to: str = "", answers: mail_records.Answers = mail_records.asked_of_name_servers,
              selectors: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Each finding as it is made. With `mail_to` a mail for trying is sent to that address, past the outbox."""
    if (Path(setting("INSTANCE")) / files.UNFINISHED).exists():
        yield fail("restore", "one was begun here and not finished: run the same “coalition restore” again.")
    for check in _MACHINE:
        yield from check()
    yield from _of_the_database()
    yield from _of_the_mail(mail_to, answers, selectors)


def _of_the_database() -> Iterator[Finding]:
    try:
        found = list(database.shape())
        yield from found
        if any(finding.level != "OK" for finding in found):
            return
        for check in _DATABASE:
            yield from check()
    except SQLAlchemyError as trouble:
        db.session.rollback()
        yield fail("database", f"it does not answer ({type(trouble).__name__}): see whether it runs, and whether "
                               "sqlalchemy_database_uri is right.")


def _of_the_mail(mail_to: str, answers: mail_records.Answers, selectors: tuple[str, ...]) -> Iterator[Finding]:
    if not setting("MAIL_SERVER"):
        level = fail if setting("PRODUCTION") else warn
        yield level("mail", "mail_server is not set: mails become files in the folder “mail” and reach nobody.")
    elif setting("MAIL_TLS") == "none" and setting("MAIL_PASSWORD") and not _is_here(setting("MAIL_SERVER")):
        yield fail("mail", "mail_tls is “none”, so the mail server's password can be read on the way: set “starttls” "
                           "or “tls”.")
    else:
        yield ok("mail", f"by {setting('MAIL_SERVER')}")
    if mail_to:
        yield _tried(mail_to)
    domain = parseaddr(str(setting("MAIL_FROM")))[1].rpartition("@")[2].casefold()
    if setting("MAIL_SERVER") or answers is not mail_records.asked_of_name_servers:
        yield from mail_records.records_of(domain, answers, selectors)


def _is_here(server: str) -> bool:
    return server in ("localhost", "::1") or server.startswith("127.")


def _tried(address: str) -> Finding:
    try:
        trying.send(address)
    except CoalitionError as trouble:
        return fail("mail-to", f"no mail could be sent: {trouble.message}")
    return ok("mail-to", "a mail was handed over; look whether it arrives, and not among the unwanted")
