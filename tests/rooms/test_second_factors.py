"""Second factors on both databases: a code is used up once, also by many at the same moment; a reset leaves nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.accounts import second_factor, totp
from coalition.accounts.models import Passkey, Person, RecoveryCode
from coalition.db import db, unit_of_work
from tests import cast


def test_codes_are_used_up_once_by_however_many_and_a_reset_leaves_nothing(room: Flask) -> None:
    """D13, D14"""
    number, secret = cast.person(cast.JONAS).id, totp.new_secret()
    with unit_of_work():
        person = db.session.get_one(Person, number)
        second_factor.set_up_app(cast.actor(cast.JONAS), person, secret, totp.code_at(secret, clock.now()))
        codes = second_factor.make_recovery_codes(cast.actor(cast.JONAS), person)
        db.session.add(Passkey(person_id=number, credential_id=b"\x00\xff", public_key=b"\x01", sign_count=2**32,
                               name="Key", domain="letters.test", is_synced=True, created_at=clock.now()))
    with clock.fixed(cast.MORNING.replace(minute=2)):
        code = totp.code_at(secret, clock.now())
        for use, given in ((second_factor.use_app_code, code), (second_factor.use_recovery_code, codes[0])):
            def at_once(_turn: int, use=use, given=given) -> bool:
                with room.app_context(), unit_of_work():
                    return use(db.session.get_one(Person, number), given)

            with ThreadPoolExecutor(4) as many:
                assert sorted(many.map(at_once, range(4))) == [False, False, False, True]
    with unit_of_work():
        factors = second_factor.factors_of(db.session.get_one(Person, number))
        assert (factors.has_app, len(factors.passkeys), factors.codes_left) == (True, 1, 9)
        second_factor.reset(OPERATOR, db.session.get_one(Person, number), "phone and paper lost")
    assert not second_factor.factors_of(db.session.get_one(Person, number)).any
    assert db.session.query(Passkey).count() == db.session.query(RecoveryCode).count() == 0
