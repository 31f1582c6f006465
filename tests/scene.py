"""One scene with something behind every door: two letters of two teams, with signatures in all states, editions,
deliveries, a corrigendum, invitations, evidence. What is not for everybody carries a canary.

`addresses` says what stands for the parts of an address; tests that walk all doors fill the route map with it.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image

from coalition import clock
from coalition.access.actor import OPERATOR, signer
from coalition.accounts import addresses as account_addresses
from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.corrections import drawing as corrigenda
from coalition.corrections import operations as corrections
from coalition.corrections.corrigendum import Reason
from coalition.db import db, unit_of_work
from coalition.documents import deliveries, drawing, sheets
from coalition.documents import operations as documents
from coalition.documents.covering import PRESIDENT, Wanted
from coalition.documents.models import CompileRequest, Edition
from coalition.endorsements import bodies, evidence
from coalition.endorsements import operations as endorsements
from coalition.endorsements.actors import person_as_actor
from coalition.endorsements.contact import SecondPerson
from coalition.endorsements.models import Endorsement
from coalition.letters import deputies, logo, translating
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.organisations import profile
from coalition.organisations.models import Organisation, OrganisationMerge, OrganisationName
from coalition.places import operations as places
from coalition.places.models import CountryName
from coalition.review import merging
from coalition.review import operations as review
from tests import cast, inviting

#: Stands in for Nadia.
DORA = "dora@coalition.example"
#: Staff without any right.
SVEN = "sven@coalition.example"
#: Has not come in yet.
ZOE = "zoe@coalition.example"

#: Names on the first letter that are not for everybody, by what is to be known of them. Nobody outside its
#: coordinators may read any of them; those for the recipients stand in the editions that its team may open.
WITHHELD, RECIPIENTS, PENDING = "CNRY-7f3a Éveil", "CNRY-c41d Ömer", "CNRY-9e1b Straße"
UNCONFIRMED, RETURNED, DECLINED, WITHDRAWN = "CNRY-11aa", "CNRY-22bb", "CNRY-33cc", "CNRY-44dd"
INVITED, NOTE, EVIDENCE = "CNRY-55ee", "CNRY-66ff", "CNRY-77a1"
HIDDEN = (WITHHELD, RECIPIENTS, PENDING, UNCONFIRMED, RETURNED, DECLINED, WITHDRAWN, INVITED, NOTE, EVIDENCE)
#: A statement of a withheld network: no public sum may hold it.
STATED = "77777"

OWN, OTHER = "protect-the-hospitals", "open-the-roads"
Addresses = dict[str, Any]


def draw_nothing(patch: pytest.MonkeyPatch) -> None:
    """Files hold what would be drawn, in words: quicker, and nothing that a drawing left out goes unseen."""
    patch.setattr(drawing, "draw_sealed", lambda snapshot, **_options: b"drawn " + snapshot.to_json().encode())
    patch.setattr(drawing, "draw", lambda snapshot, **_options: b"drawn " + snapshot.to_json().encode())
    patch.setattr(sheets, "cover_pdf", lambda cover: b"drawn " + cover.to_json().encode())
    patch.setattr(corrigenda, "draw_sealed", lambda sheet, *_more, **_options: b"drawn " + sheet.to_json().encode())


def play() -> dict[str, Addresses]:
    """Put all of it on the stage. What stands for the parts of an address: "own" for the first letter, "other" for
    the second, which is read by link alone; "public" for a body whose name everybody may read."""
    cast.staff()
    for email, rights in ((DORA, {}), (SVEN, {})):
        cast.person(email, **rights)
    own = _first_letter()
    addresses = {"own": own, "other": _second_letter(), "public": _public_body(own)}
    addresses["own"] |= _installation()
    return addresses


def _first_letter() -> Addresses:
    letter = _open(cast.NADIA, "Protect the hospitals")
    harbour = _harbour(letter)
    hidden = cast.approved(
        letter, WITHHELD, country="KE", visibility="withheld", description=WITHHELD, signatory=f"{WITHHELD} Person",
        who=cast.contact("withheld@ngo.example", name=f"{WITHHELD} Contact"), is_network=True, represents_count=STATED,
        represents_unit="organisations", represents_text=f"all of {WITHHELD}")
    cast.approved(letter, RECIPIENTS, country="NO", visibility="recipients")
    cast.approved(letter, "Body", country="NO", visibility="withheld", signing_as="person",
                  signatory=f"{WITHHELD} Smith")
    leaving = cast.approved(letter, WITHDRAWN, country="SE")
    file_id = _evidence(hidden)
    first = _compiled(letter)
    delivery = _delivered(first)
    _leave_and_wait(letter, leaving)
    _compiled(letter, "recipients")
    cast.approved(letter, "Late Body")
    third = _compiled(letter)
    requests = _request(letter)
    invitations = _invite(letter, cast.NADIA)
    return {"letters": OWN, "endorsements": hidden.public_id, "files": file_id, "editions": third.number,
            "corrections-of": first.number, "corrections": _corrected(first, third), "deliveries": delivery,
            **requests, **invitations, **harbour, **_body(hidden), "by-link": letter.link_secret, "versions": 1,
            "verify": third.public_id, "confirm": _unconfirmed(letter), "authority": _asked(letter),
            "corrigendum-to": first.number, "covering-letters": delivery, "language": "fr", "code": "fr",
            "secretariat:language": "en"}


def _second_letter() -> Addresses:
    letter = _open(cast.OLGA, "Open the roads", reach="link")
    made = cast.approve(_signed(letter, "Far Away Society"), by=cast.OLGA)
    file_id = _evidence(made, "of far away")
    edition = _compiled(letter, by=cast.OLGA)
    return {"letters": OTHER, "endorsements": made.public_id, "files": file_id, "member:files": file_id,
            "editions": edition.number, **_request(letter, cast.OLGA), **_invite(letter, cast.OLGA, "far"),
            "member": _manage(made), "by-link": letter.link_secret, "versions": 1, "verify": edition.public_id,
            "confirm": _unconfirmed(letter, "Slow Far Society"), "authority": _asked(letter, by="Far Second Society"),
            **_body(made, by=cast.OLGA), "language": "fr", "code": "fr"}


def _open(by: str, subject: str, **details: Any) -> Letter:
    """A letter in English and French, with a logo, open."""
    with unit_of_work():
        number = letters.create(cast.actor(by), subject=subject).id
    letter = db.session.get_one(Letter, number)
    with unit_of_work():
        actor = cast.actor(by)
        letters.edit(actor, letter, addressees=["The President of the Security Council"], place="New York",
                     date_text="2 March 2026", **details)
        letters.write_draft(actor, letter, "We ask the Council to act.\n")
        translating.write(actor, letter, "fr", subject="Protégez", body="Nous demandons au Conseil d’agir.\n")
        logo.set_logo(actor, letter, _picture())
        letters.publish(actor, letter)
        letters.open_letter(actor, letter, deadline_at=cast.DEADLINE, zone="UTC")
        if by == cast.NADIA:
            _gather_team(letter)
    return db.session.get_one(Letter, number)


def _picture() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((300, 120)).convert("RGB").save(made, "PNG")
    return made.getvalue()


def _gather_team(letter: Letter) -> None:
    nadia = cast.actor(cast.NADIA)
    letters.add_to_team(nadia, letter, _person(cast.TOMAS), cast.Role.COORDINATOR)
    letters.add_to_team(nadia, letter, _person(cast.JONAS), cast.Role.SECRETARIAT)
    deputies.name_deputy(nadia, letter, person=_person(cast.NADIA), deputy=_person(DORA), starts_at=clock.now(),
                         ends_at=clock.now() + timedelta(days=30))


def _person(email: str) -> Person:
    found = person_by_email(email)
    assert found is not None
    return found


def _signed(letter: Letter, name: str, **more: Any) -> Endorsement:
    made = cast.sign(letter, cast.fields(name, **more))
    assert made is not None
    return cast.confirm(made)


def _manage(made: Endorsement) -> str:
    number = made.id
    with unit_of_work():
        return endorsements.manage_link(endorsements.get(number))


def _harbour(letter: Letter) -> Addresses:
    """An organisation whose page and files its own signer opens."""
    made = cast.approved(letter, "Harbour Light Trust", country="KE", who=cast.contact("harbour@ngo.example"))
    return {"member": _manage(made), "member:files": _evidence(made, "of the harbour")}


def _evidence(made: Endorsement, words: str = EVIDENCE) -> str:
    number = made.id
    with unit_of_work():
        return evidence.add(signer(number), endorsements.get(number), _picture() + words.encode(),
                            kind=evidence.AUTHORITY).public_id


def _unconfirmed(letter: Letter, name: str = UNCONFIRMED) -> str:
    made = cast.sign(letter, cast.fields(name))
    assert made is not None
    return cast.secret_in_mail(made)


def _asked(letter: Letter, by: str = "Second House") -> str:
    made = cast.sign(letter, cast.fields(by), who=cast.contact(
        second=SecondPerson("Rana Aziz", "Chair", f"rana@{letter.slug}.example")))
    assert made is not None
    return cast.secret_in_mail(cast.confirm(made), "authorise")


def _leave_and_wait(letter: Letter, leaving: Endorsement) -> None:
    """One leaves the list after the first edition; others wait, were returned, were declined."""
    with unit_of_work():
        endorsements.withdraw(signer(leaving.id), endorsements.get(leaving.id))
    _signed(letter, PENDING, country="SE")
    nadia = cast.actor(cast.NADIA)
    for name in (RETURNED, DECLINED):
        number = _signed(letter, name).id
        with unit_of_work():
            made = endorsements.get(number)
            if name == RETURNED:
                review.decisions.return_for_changes(nadia, made, seen=1, reason=f"{name} is misspelt.")
            else:
                review.decisions.decline(nadia, made, reason=f"{name} is not known.")
    number = db.session.query(Endorsement.id).filter_by(visibility="withheld").order_by(Endorsement.id).first()[0]
    with unit_of_work():
        review.write_note(nadia, endorsements.get(number), f"{NOTE} was heard of in Geneva.")


def _compiled(letter: Letter, audience: str = "public", by: str = cast.NADIA) -> Edition:
    return documents.compile_edition(cast.actor(by), db.session.get_one(Letter, letter.id), audience=audience).edition


def _delivered(edition: Edition) -> int:
    """Handed to the President, with a covering letter."""
    jonas = cast.actor(cast.JONAS)
    paper = deliveries.draw_cover(jonas, edition, Wanted(
        PRESIDENT, date(2026, 3, 2), signer_name="Samira Haddad", signer_organisation="Harbour Light Trust",
        contact="a@ngo.example", is_checked=True), paper="A4")
    with unit_of_work():
        return deliveries.record_delivery(
            jonas, db.session.get_one(Edition, edition.id), recipient="The President", how="by hand",
            handed_over_on=date(2026, 3, 2), handed_over_by="Jonas", email="mission@un.example", papers=[paper]).id


def _corrected(old: Edition, new: Edition) -> int:
    jonas = cast.actor(cast.JONAS)
    sheet = corrections.draw_correction(jonas, old, new, reasons=[Reason.WITHDRAWAL])
    with unit_of_work():
        return corrections.record_correction(jonas, db.session.get_one(Edition, old.id),
                                             db.session.get_one(Edition, new.id), sheet).id


def _request(letter: Letter, by: str = cast.NADIA) -> Addresses:
    """A preview that is ready."""
    with unit_of_work():
        number = documents.request(cast.actor(by), db.session.get_one(Letter, letter.id), kind="preview",
                                   audience="public", paper="A4").id
    assert documents.run_next_request(person_as_actor)
    return {"requests": db.session.get_one(CompileRequest, number).public_id}


def _invite(letter: Letter, by: str, who: str = "near") -> Addresses:
    """Two invited, one of them mailed; and a list that waits to be looked over."""
    rows = [("Amina House", "Kenya", "Amina", f"amina@{who}.example", "", "", "", ""),
            (f"{INVITED if who == 'near' else 'Far'} Guests", "Syria", "", "", "+963 11 555 0102", "", "", "")]
    kept = inviting.keep(letter, inviting.csv_of(*rows), by=by)
    with unit_of_work():
        inviting.lists.import_list(cast.actor(by), letter, kept, {})
    with unit_of_work():
        inviting.operations.send(cast.actor(by), letter, inviting.queries.to_send(letter, 9))
    [mailed] = [row for row in inviting.invitations(letter) if row.email]
    waiting = inviting.keep(letter, inviting.csv_of(("Third House", "Syria", "", "", "", "", "", "")), by=by)
    return {"invitations": mailed.public_id, "lists": waiting.public_id,
            "member/invitations": inviting.secret_in_mail(mailed),
            "no-reminders": inviting.secret_in_mail(mailed, "/member/no-reminders/")}


def _body(made: Endorsement, by: str = cast.NADIA) -> Addresses:
    """The body behind a signature, with a name, a merge, somebody who acts for it, and one that looks alike."""
    organisation = _organisation(made)
    absorbed, alike = (_organisation(_signed(made.letter, name, country=made.entry.country)).id
                       for name in (f"Twin of {made.entry.organisation}", f"Like {made.entry.organisation}"))
    number = organisation.id
    with unit_of_work():
        merged = merging.merge(cast.actor(by), db.session.get_one(Organisation, number),
                               db.session.get_one(Organisation, absorbed), reason="One body.").id
    with unit_of_work():
        found = db.session.get_one(Organisation, number)
        profile.add_name(cast.actor(by), found, name=f"Also {made.entry.organisation}", kind="alias",
                         subject=bodies.subject_of(found))
    found = db.session.get_one(Organisation, number)
    return {"organisations": found.public_id, "compare": db.session.get_one(Organisation, alike).public_id,
            "merges": db.session.get_one(OrganisationMerge, merged).id,
            "names": db.session.query(OrganisationName).filter_by(organisation_id=number).first().id,
            "representatives": found.representatives[0].id}


def _organisation(made: Endorsement) -> Organisation:
    organisation = made.organisation
    assert organisation is not None
    return organisation


def _public_body(own: Addresses) -> Addresses:
    """A body that stands on a list everybody may read."""
    public = db.session.query(Organisation).filter_by(name="Harbour Light Trust").one()
    late = db.session.query(Organisation).filter_by(name="Late Body").one()
    known = {key: value for key, value in own.items() if key not in ("merges", "names")}
    return {**known, "organisations": public.public_id, "compare": late.public_id,
            "representatives": public.representatives[0].id}


def _mailed(address: str, path: str) -> str:
    """The secret behind this path in the newest mail to somebody."""
    return cast.mails_to(address)[-1].text.partition(path)[2].split()[0]


def _installation() -> Addresses:
    with unit_of_work():
        enrol = cast.accounts.invite(OPERATOR, name="Zoe", email=ZOE)
    with unit_of_work():
        places.call(cast.actor(cast.ADA), code="KE", language="en", name="Republic of Kenya")
    with unit_of_work():
        account_addresses.ask_for_change(cast.actor(SVEN), _person(SVEN), "sven@elsewhere.example")
    return {"account:confirm": _mailed("sven@elsewhere.example", "/account/address/confirm/"),
            "account:keep": _mailed(SVEN, "/account/address/keep/"), "people": _person(ZOE).id,
            "countries": db.session.query(CountryName).one().id,
            "admin:letters": db.session.query(Letter).filter_by(slug=OWN).one().id,
            "admin:signatures": db.session.query(Endorsement).filter_by(state="withdrawn").first().reference,
            "enrol": enrol.rpartition("/")[2], "topic": "signing"}
