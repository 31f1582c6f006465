"""What a worker does when it is woken. Each piece looks for itself what is due, so waking it twice is harmless."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock
from time import sleep

from flask import Flask

from coalition import clock, migrating
from coalition.access.actor import SYSTEM
from coalition.accounts import alarms, sent_forms
from coalition.audit import checking, checkpoints
from coalition.audit.queries import newest_moment
from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.documents import letting_go, preparing, replacing, watching, witness
from coalition.documents.operations import run_next_request
from coalition.endorsements import reminding
from coalition.endorsements.actors import person_as_actor
from coalition.erasure import operations as erasure
from coalition.erasure import queries as erasure_queries
from coalition.erasure import wiping
from coalition.errors import Invalid, Stale, Unavailable
from coalition.invitations import lists
from coalition.invitations import operations as invitations
from coalition.invitations import queries as invitation_queries
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.mail.delivery import is_one_due, send_due
from coalition.mail.transport import forget_files, transport_for
from coalition.organisations import suggestions
from coalition.review import digests
from coalition.safety import queries as safety
from coalition.safety import sifting
from coalition.safety import watching as safety_watching
from coalition.upkeep import sightings
from coalition.upkeep.models import WORKER

log = logging.getLogger("coalition.jobs")

#: Clocks of several machines are never quite alike.
CLOCK_SLACK = timedelta(minutes=2)
#: While mails wait to leave, so many seconds pass between two bodies that are compared: somebody waits for the mail,
#: and nobody yet for what looks alike; but the turn of that comes, too.
MAILS_FIRST = 0.1
#: And so many are compared at most: the rest are found by the next wake-up or sweep.
A_FEW = 20


class OneAtATime:
    """Runs a piece of work in one thread of this process at a time. A call that comes meanwhile returns at once
    and makes the work run once more: so a slow mail server holds one thread, and no wake-up is lost."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work, self._busy, self._wanted = work, Lock(), Event()

    def __call__(self) -> None:
        self._wanted.set()
        while self._wanted.is_set() and self._busy.acquire(blocking=False):
            try:
                while self._wanted.is_set():
                    self._wanted.clear()
                    self._work()
            finally:
                self._busy.release()


def do_each(app: Flask, *pieces: Callable[[Flask], object]) -> int:
    """Do each piece of work; one that fails goes into the log and keeps none of the others from being done. Says how
    many failed."""
    failed = 0
    for piece in pieces:
        try:
            piece(app)
        except Exception:  # whatever it is: the letters must close although a digest cannot be written
            failed += 1
            log.exception("%s failed and is tried again at the next sweep", piece.__name__)
    return failed


def note_worker(app: Flask) -> None:
    """Note that a worker is at work, for those who watch over the installation."""
    with app.app_context(), unit_of_work():
        before = sightings.note(WORKER)
        if before is not None and before > clock.now() + CLOCK_SLACK:
            log.warning("the clock of this machine went back: it was %s before", before.isoformat(timespec="seconds"))


def send_mails(app: Flask) -> dict[str, int]:
    """Send what the outbox holds and is due."""
    with app.app_context(), closing(transport_for(app.config)) as transport:
        done = send_due(transport, setting("MAIL_FROM"))
    if any(done.values()):
        log.info("mails: %(sent)s sent, %(later)s put off, %(failed)s refused", done)
    return done


def run_requests(app: Flask) -> int:
    """Make the documents that were asked for, one after the other; says how many."""
    made = 0
    while _run_one(app):
        made += 1
    return made


def watch_clock(app: Flask) -> bool:
    """Raise the alarm in the log while the machine's clock is behind what has happened already; says whether."""
    with app.app_context():
        behind = newest_moment() - clock.now()
    if behind > CLOCK_SLACK:
        log.error("the clock of this machine went back: it is %s behind the newest act. Set it right: deadlines and "
                  "links go by it", behind)
    return behind > CLOCK_SLACK


def close_letters(app: Flask) -> int:
    """Close the letters whose deadline has passed; says how many."""
    closed = 0
    with app.app_context():
        for letter_id in letter_queries.due_to_close(clock.now()):
            with unit_of_work():
                closed += letters.close_at_deadline(letter_id)
    return closed


def watch_editions(app: Flask) -> int:
    """Write down which public files of editions went or came back; says how many."""
    changed = 0
    with app.app_context():
        for letter_id in watching.letters_to_look_at():
            with unit_of_work():
                changed += watching.write_down(letter_id)
    return changed


def let_go(app: Flask) -> int:
    """Throw away what this machine has drawn of names that were taken off on another; says of how many letters."""
    with app.app_context():
        return letting_go.follow()


def replace_editions(app: Flask) -> int:
    """Tell coordinators of public editions made unattended, and try again those that could not be made; says how many
    were asked for."""
    asked = 0
    with app.app_context():
        for letter_id in replacing.finished_lately():
            with unit_of_work():
                replacing.tell(letter_id)
                asked += replacing.try_again(SYSTEM, letter_id)
    return asked


def prepare_documents(app: Flask) -> int:
    """Draw what long lists got new, before anybody asks for a document; says for how many letters."""
    prepared = 0
    with app.app_context():
        for letter_id in preparing.long_letters():
            try:
                prepared += preparing.prepare(letter_id)
            except (Invalid, Unavailable) as trouble:  # whoever asks for the document is told
                log.warning("the list of letter %s was not drawn ahead: %s", letter_id, trouble.message)
            db.session.rollback()
    return prepared


def remind_invited(app: Flask) -> int:
    """Remind the invited organisations whose time has come; says how many."""
    reminded = 0
    with app.app_context():
        due: dict[int, list[int]] = {}
        for letter_id, number in invitation_queries.due_for_reminder(clock.now()):
            due.setdefault(letter_id, []).append(number)
        db.session.rollback()
        for letter_id, numbers in due.items():
            with unit_of_work():
                reminded += invitations.remind_due(letter_id, numbers)
    return reminded


def remind_of_new_text(app: Flask) -> int:
    """Remind those who have not confirmed a text that was changed in substance; says how many."""
    reminded = 0
    with app.app_context():
        for letter_id in reminding.letters_to_remind():
            with unit_of_work():
                reminded += reminding.remind_by_clock(letter_id)
    return reminded


def forget_lists(app: Flask) -> int:
    """Forget lists of organisations that were sent in and never imported; says how many."""
    with app.app_context(), unit_of_work():
        return lists.forget_old_lists()


def forget_sent_forms(app: Flask) -> int:
    """Forget which forms of staff were carried out days ago; says how many."""
    with app.app_context(), unit_of_work():
        return sent_forms.forget_old()


def forget_copies(app: Flask) -> int:
    """Remove old copies of the database that were made before it was changed by an update; says how many."""
    with app.app_context():
        return migrating.forget_copies()


def compare_organisations(app: Flask) -> int:
    """Compare, a few hundred at a time, the organisations that are new or were last compared by older rules; says how
    many. Each in a transaction of its own, so that nobody who signs waits for more than one."""
    return _compare(app, only_soon=False)


def compare_soon(app: Flask) -> int:
    """The same with those that just began to wait for review."""
    return _compare(app, only_soon=True)


def _compare(app: Flask, *, only_soon: bool) -> int:
    compared = 0
    with app.app_context():
        for number in suggestions.outdated(only_soon=only_soon)[:A_FEW if is_one_due() else None]:
            # Another worker may be at the same one: whoever stored first did it for both.
            with suppress(Stale), unit_of_work():
                compared += suggestions.renew_outdated([number])
            if is_one_due():
                sleep(MAILS_FIRST)
    return compared


def write_digests(app: Flask) -> int:
    """Write the daily mails that are due; says how many."""
    written = 0
    with app.app_context():
        for person_id in digests.due_for_digest():
            with unit_of_work():
                written += digests.write_digest(person_id)
    return written


def write_alerts(app: Flask) -> int:
    """Tell coordinators of signatures that wait too long; says of how many."""
    told = 0
    with app.app_context():
        for letter_id in digests.letters_with_overdue():
            with unit_of_work():
                told += digests.write_alerts(letter_id)
    return told


def write_checkpoint(app: Flask) -> bool:
    """Write down beside the database how far the audit log goes, once an hour while it grows; says whether."""
    with app.app_context():
        return checkpoints.write_if_due()


def erase_due(app: Flask) -> int:
    """Announce and erase what is due, and wipe it from the files; says how many letters were erased."""
    erased = 0
    with app.app_context():
        for letter_id in erasure_queries.to_announce():
            with unit_of_work():
                erasure.announce(letter_id)
        with unit_of_work():
            erasure.forget_announcements()
        for letter_id in erasure_queries.to_erase():
            with unit_of_work():
                erasure.erase_letter(SYSTEM, db.session.get_one(Letter, letter_id))
                erased += 1
        wipe_files()
    return erased


def wipe_files() -> bool:
    """Wipe what was erased from the files of the database; False when somebody was using them. Inside a context."""
    waiting = erasure_queries.to_wipe()
    if not waiting:
        return True
    done = wiping.wipe()
    if done:
        with unit_of_work():
            wiping.mark_wiped(waiting)
    return done


def forget_mails(app: Flask) -> int:
    """Forget the words of mails that left long ago; says of how many."""
    with app.app_context():
        days = int(setting("MAIL_KEPT_DAYS"))
        if days <= 0:
            return 0
        with unit_of_work():
            gone = outbox.forget_sent(clock.now() - timedelta(days=days))
        forget_files(Path(setting("INSTANCE")) / "mail", gone)
    return len(gone)


def check_log(app: Flask) -> bool:
    """Read the whole audit log again and remember how it was found; administrators are told when it is not whole.
    Says whether it is."""
    with app.app_context():
        found = witness.check_log()
        with unit_of_work():
            checking.remember(found)
            if found.broken is not None:
                alarms.tell_of_broken_log(found.broken)
    return found.broken is None


def watch_sign_ons(app: Flask) -> int:
    """Tell coordinators of sign-ons kept aside and of accounts that do very much at once; says of how many."""
    told = 0
    with app.app_context():
        for letter_id in safety.letters_with_kept():
            with unit_of_work():
                safety_watching.tell_of_kept(letter_id)
            told += 1
        for action, letter_id, person_id, number in safety_watching.busy_accounts():
            with unit_of_work():
                safety_watching.tell_the_others(action, letter_id, person_id, number)
            told += 1
    return told


def forget_sign_ons(app: Flask) -> int:
    """Forget where sign-ons of more than a week ago came from; says how many."""
    with app.app_context(), unit_of_work():
        return sifting.forget_old()


def _run_one(app: Flask) -> bool:
    # A context each: a letter read for one document must not be what the next one is made of.
    with app.app_context():
        return run_next_request(person_as_actor)
