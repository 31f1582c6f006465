"""What coordinators are told by mail: once a day, if something happened; and once about what waits too long."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR, signer
from coalition.accounts import operations as accounts
from coalition.accounts.queries import person_by_email
from coalition.db import db, unit_of_work
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.jobs import tasks
from coalition.letters import deputies
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from tests import cast

#: The stage begins at nine, after the hour of digests: the next ones are due the morning after.
TUESDAY = cast.MORNING.replace(day=3, hour=6)


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    made = cast.open_letter()
    tasks.write_digests(room)
    return made


def waiting(letter: Letter, organisation: str = "Harbour Light Trust") -> Endorsement:
    made = cast.sign(letter, cast.fields(organisation))
    assert made is not None
    return cast.confirm(made)


def told(kind: str = "digest") -> dict[str, str]:
    """The mails of a kind, address to text."""
    db.session.rollback()
    return {mail.to: mail.text for mail in db.session.query(OutboxMail).filter(
        OutboxMail.key.startswith(f"{kind}:")).order_by(OutboxMail.id)}


def at(app: Flask, moment: datetime) -> int:
    with clock.fixed(moment):
        return tasks.write_digests(app)


def test_each_coordinator_is_told_once_a_day_in_their_language(room: Flask, letter: Letter) -> None:
    with unit_of_work():
        person_by_email(cast.TOMAS).language = "fr"
    gone, _stays = waiting(letter), waiting(letter, "River Watch")
    with unit_of_work():
        endorsements.withdraw(signer(gone.id), endorsements.get(gone.id))
    assert at(room, TUESDAY - timedelta(seconds=1)) == 0
    assert at(room, TUESDAY) == 2
    assert at(room, TUESDAY + timedelta(hours=5)) == 0
    mails = told()
    assert set(mails) == {cast.NADIA, cast.TOMAS}
    for words in ("2 signatures came in.", "1 signature was withdrawn.", "1 waits for a decision.",
                  "It can be signed until 20 March 2026, 22:00 UTC.", "Protect the hospitals"):
        assert words in mails[cast.NADIA]
    assert "20 mars 2026" in mails[cast.TOMAS]
    assert "Harbour Light" not in mails[cast.NADIA]


def test_a_quiet_day_brings_no_mail_even_while_something_waits(room: Flask, letter: Letter) -> None:
    waiting(letter)
    assert at(room, TUESDAY) == 2
    assert at(room, TUESDAY + timedelta(days=1)) == 0
    with clock.fixed(TUESDAY + timedelta(days=1, hours=1)):
        waiting(letter, "River Watch")
    assert at(room, TUESDAY + timedelta(days=2)) == 2
    assert "1 signature came in. 2 wait for a decision. 1 of them has waited for more than 48 hours." \
        in told()[cast.NADIA]


def test_a_missed_morning_is_made_up_for(room: Flask, letter: Letter) -> None:
    waiting(letter)
    assert at(room, TUESDAY + timedelta(days=1, hours=3)) == 2
    assert "1 signature came in." in told()[cast.NADIA]


def test_the_last_day_is_told_of_even_if_nothing_came(room: Flask, letter: Letter) -> None:
    assert at(room, cast.DEADLINE - timedelta(hours=16)) == 2


def test_who_stands_in_is_told_and_who_has_left_is_not(room: Flask, letter: Letter) -> None:
    nadia, tomas, olga = (person_by_email(email) for email in (cast.NADIA, cast.TOMAS, cast.OLGA))
    with unit_of_work():
        deputies.name_deputy(cast.actor(cast.NADIA), letter, person=nadia, deputy=olga,
                             starts_at=cast.MORNING, ends_at=TUESDAY + timedelta(days=2))
        accounts.end_access(OPERATOR, tomas, "left")
    tasks.write_digests(room)
    waiting(letter)
    assert at(room, TUESDAY) == 2
    assert set(told()) == {cast.NADIA, cast.OLGA}


def test_what_waits_for_two_days_is_told_of_once(room: Flask, letter: Letter) -> None:
    made = waiting(letter)
    cast.approve(waiting(letter, "River Watch"))
    for hours, found in ((47.9, 0), (48, 1), (49, 0), (100, 0)):
        with clock.fixed(cast.MORNING + timedelta(hours=hours)):
            assert tasks.write_alerts(room) == found, hours
    mails = told("overdue")
    assert set(mails) == {cast.NADIA, cast.TOMAS}
    assert "1 signature has waited for a decision for more than 48 hours." in mails[cast.NADIA]
    with clock.fixed(cast.MORNING + timedelta(hours=101)):
        with unit_of_work():
            endorsements.withdraw(signer(made.id), endorsements.get(made.id))
        with unit_of_work():
            endorsements.take_up_again(signer(made.id), endorsements.get(made.id), reason="A mistake.")
        assert tasks.write_alerts(room) == 0
    with clock.fixed(cast.MORNING + timedelta(hours=149)):
        assert tasks.write_alerts(room) == 1
