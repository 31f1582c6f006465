"""A stage on which every page and main state has an address: one letter in all its trouble, one that is a draft, one
that is closed. `addresses` says who opens what."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from coalition.access.actor import Actor, signer
from coalition.accounts import links
from coalition.accounts import operations as accounts
from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.corrections import operations as corrections
from coalition.corrections.corrigendum import Reason
from coalition.db import db, unit_of_work
from coalition.documents import deliveries
from coalition.documents import operations as documents
from coalition.documents.models import Edition
from coalition.endorsements import decisions, evidence, operations
from coalition.endorsements.contact import SecondPerson
from coalition.endorsements.models import Endorsement
from coalition.letters import deputies, translating
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from coalition.organisations.models import Organisation, Representative
from coalition.review import merging
from coalition.review import operations as review
from coalition.safety import taking_off
from coalition.web.public.helping import TOPICS
from tests import cast, inviting

SLUG = "protect-the-hospitals"
VISITOR = "visitor"
BODY = ("We, {{ signatories }} signatories from {{ countries }} countries, ask the Council to act.\n\n"
        "## What we ask\n\n1. Name those who attack hospitals.\n2. Let the wounded leave.\n\n"
        "Every day that passes costs lives.\n")
ARABIC = ("نحن {{ signatories }} موقّعا من {{ countries }} بلدا نطلب من المجلس أن يتحرك.\n\n"
          "## ما نطلبه\n\n1. تسمية من يهاجم المستشفيات.\n2. السماح للجرحى بالمغادرة.\n\nكل يوم يمر يكلف أرواحا.\n")


def _signed(letter: Letter, name: str, email: str = "", *, second: SecondPerson | None = None,
            website: str = "", **values: object) -> Endorsement:
    made = cast.sign(letter, cast.fields(name, **values), who=cast.contact(email, second=second, website=website))
    assert made is not None
    return made


def _own_page(endorsement: Endorsement) -> str:
    with unit_of_work():
        return "/member/" + operations.manage_link(operations.get(endorsement.id))


def build() -> dict[str, list[str]]:
    """Play everything; the addresses by who opens them (an e-mail address, or `VISITOR`)."""
    cast.staff()
    letter = _main_letter()
    number = letter.id
    own = _signatures(letter)
    review_pages = _what_the_review_sees(letter)
    personal, lists = _invitations(letter)
    handed = _documents(number)
    _team_and_mail(number)
    changed = _changed_text()
    draft = cast.draft_letter("Open the schools", "We ask that schools open.\n").slug
    closed = cast.open_letter("Let the boats land")
    closed_slug = closed.slug
    with unit_of_work():
        letters.close(_nadia(), closed)
    with unit_of_work():
        enrol = accounts.invite(cast.actor(cast.ADA), name="Lena Example", email="lena@coalition.example")
    return {
        VISITOR: [*_visitors(closed_slug), urlsplit(enrol).path, *own, changed, changed + "/reconfirm", *personal],
        cast.NADIA: [*_coordinators(draft, closed_slug), *lists, *review_pages, *_register()],
        cast.JONAS: ["/coordinator", f"/secretariat/letters/{SLUG}", f"/secretariat/letters/{SLUG}/arrange", *handed],
        cast.ADA: ["/admin", "/admin/people", f"/admin/people/{_person(cast.TOMAS).id}", "/admin/people/invite",
                   "/admin/mail", "/admin/audit", "/admin/erasing", "/admin/countries", "/account",
                   "/account/change", "/account/address", "/account/second-factor", "/account/second-factor/app"]}


def _changed_text() -> str:
    """The page of somebody whose letter was changed in substance."""
    letter = cast.open_letter("Feed the ports", body="We ask that ports be fed.\n")
    number, page = letter.id, _own_page(cast.approved(letter, "Old Reading Circle"))
    with unit_of_work():
        letter = db.session.get_one(Letter, number)
        letters.write_draft(_nadia(), letter, "We demand that ports be fed.\n")
        letters.publish(_nadia(), letter, change="substantive", note="It demands where it asked.")
    return page


def _nadia() -> Actor:
    return cast.actor(cast.NADIA)


def _person(email: str) -> Person:
    found = person_by_email(email)
    assert found is not None
    return found


def _main_letter() -> Letter:
    letter = cast.draft_letter("Protect the hospitals", BODY, letterhead="Coalition for Hospitals")
    with unit_of_work():
        translating.write(_nadia(), letter, "ar", subject="احموا المستشفيات", body=ARABIC,
                          addressees=["رئيس مجلس الأمن"], copies=["الأمين العام"])
    with unit_of_work():
        letters.publish(_nadia(), letter)
        letters.open_letter(_nadia(), letter, deadline_at=cast.DEADLINE, zone="UTC")
        letters.set_goal(_nadia(), letter, 40)
    return letter


def _signatures(letter: Letter) -> list[str]:
    """Signatures in every state, and the pages of those who signed."""
    cast.approved(letter, "Harbour Light Trust", country="KE", description="a trust of port workers")
    cast.approved(letter, "Дом права", country="GE", other_script="House of Law")
    cast.approved(letter, "Quiet Body", visibility="withheld")
    cast.approved(letter, "For the Council Only", visibility="recipients")
    network = cast.approved(letter, "شبكة نساء الميناء", country="SY", is_network=True, represents_count=92,
                            represents_unit="organisations", represents_text="تمثل 92 منظمة",
                            members="Harbour Light Trust\nPort Women of Tartus\nOpen Door")
    pages = [_own_page(network), _own_page(network) + "/entry", _own_page(network) + "/withdraw",
             _own_page(network) + "/letters"]
    unconfirmed = _signed(letter, "Seaside Clinic")
    pages += [_own_page(unconfirmed), "/member/confirm/" + cast.secret_in_mail(unconfirmed)]
    amended = cast.approved(letter, "Union of River Towns", country="BR")
    _change(amended, "Union of River Towns and Villages")
    returned, declined, withdrawn = (cast.confirm(_signed(letter, name)) for name in (
        "Returned Readers", "Declined Debaters", "Withdrawn Weavers"))
    with unit_of_work():
        decisions.return_for_changes(_nadia(), operations.get(returned.id), seen=1, reason="Write the name in full.")
        decisions.decline(_nadia(), operations.get(declined.id), reason="It is no organisation we could find.")
        operations.withdraw(signer(withdrawn.id), operations.get(withdrawn.id))
    asked = cast.confirm(_signed(letter, "Asked First", "amina@asked.example",
                                 second=SecondPerson("Rana Aziz", "Chair", "rana@asked.example")))
    with unit_of_work():
        evidence.add(signer(asked.id), operations.get(asked.id), b"%PDF-1.7 a letter of authority", kind="authority")
    pages += [_own_page(each) for each in (amended, returned, declined, withdrawn, asked)]
    pages += [_own_page(withdrawn) + "/take-up-again", _own_page(asked) + "/authority", _own_page(asked) + "/files",
              "/member/authority/" + cast.secret_in_mail(asked, "authorise"), "/member/authority/thanks/yes",
              "/member/authority/thanks/no"]
    return [*pages, _own_page(network) + "/taken-off", _taken_off(letter)]


def _taken_off(letter: Letter) -> str:
    """What somebody sees who has taken their organisation off."""
    gone = cast.approved(letter, "Gone at Once")
    page = _own_page(gone)
    way_back = links.look_up(page.rpartition("/")[2], links.Purpose.MANAGE).id
    with unit_of_work():
        taking_off.take_off(signer(gone.id), operations.get(gone.id), way_back=way_back)
    return page + "/taken-off"


def _what_the_review_sees(letter: Letter) -> list[str]:
    """What waits in the queue, with something against each; the pages of a plain one, a rival, a look-alike."""
    plain = cast.confirm(_signed(letter, "Open Door", "nino@opendoor.example", website="https://opendoor.example"))
    alike = cast.confirm(_signed(letter, "Harbuor Light Trust", "somebody@gmail.com"))
    rival = cast.confirm(_signed(letter, "Harbour Light Trust", "another@harbour.example", country="KE"))
    late = _signed(letter, "Lost in the Mail")
    with unit_of_work():
        review.write_note(_nadia(), operations.get(plain.id), "Tomas knows them from Geneva.")
    at = f"/coordinator/letters/{SLUG}/endorsements/"
    return [at + plain.public_id, at + alike.public_id, at + rival.public_id, at + late.public_id,
            at + late.public_id + "/confirm-by-evidence"]


def _change(endorsement: Endorsement, name: str) -> None:
    with unit_of_work():
        operations.amend(signer(endorsement.id), operations.get(endorsement.id), seen=1, take_down=False,
                         fields=cast.fields(name, country="BR"))


def _invitations(letter: Letter) -> tuple[list[str], list[str]]:
    """The pages of those invited, and those of the coordinator who invites."""
    at = f"/coordinator/letters/{SLUG}/invitations"
    invited = inviting.sent(letter, ("Sisters of St. Brendan", "Australia", "Mary Doe", "mary@brendan.example",
                                     "+61 2 5550 1234", "", "", ""),
                            ("جمعية الميناء", "سوريا", "سلمى حداد", "salma@mina.example", "+963 11 555 0101", "", "",
                             ""), inviting.SEEDS)
    more = inviting.keep(letter, inviting.csv_of(
        ("Sisters of St Brendan", "Australia", "Mary Doe", "m@brendan.example", "", "", "", ""),
        ("First House (FIHO) Mona Sami, Help4Towns", "Syria", "", "mona@first.example", "", "", "", ""),
        ("Free Voices", "Atlantis", "", "voices at free", "", "", "", ""), inviting.HARBOUR))
    return (["/member/invitations/" + inviting.secret_in_mail(each) for each in invited[:2]]
            + ["/member/no-reminders/" + inviting.secret_in_mail(invited[0], "/member/no-reminders/")],
            [at, at + "/new", f"{at}/lists/{more.public_id}", f"{at}/{invited[0].public_id}"])


def _documents(number: int) -> list[str]:
    """Two editions, one handed over and corrected by the other; a request that waits, a covering letter's form."""
    jonas, at = cast.actor(cast.JONAS), f"/secretariat/letters/{SLUG}"
    letter = db.session.get_one(Letter, number)
    one = documents.compile_edition(jonas, letter).edition.id
    with unit_of_work():
        deliveries.record_delivery(
            jonas, db.session.get_one(Edition, one), how="by hand", handed_over_on=date(2026, 3, 2),
            handed_over_by="Jonas Example", recipient="The President of the Security Council\nNew York",
            email="mission@un.example")
    leaving = next(each for each in db.session.query(Endorsement) if each.entry.organisation == "Дом права")
    with unit_of_work():
        operations.change_visibility(signer(leaving.id), operations.get(leaving.id), "withheld")
    cast.approved(db.session.get_one(Letter, number), "Late Body of Mombasa", country="KE")
    two = documents.compile_edition(jonas, db.session.get_one(Letter, number)).edition.id
    old, new = db.session.get_one(Edition, one), db.session.get_one(Edition, two)
    sheet = corrections.draw_correction(jonas, old, new, reasons=[Reason.NARROWED], sealed=False)
    with unit_of_work():
        made = corrections.record_correction(jonas, old, new, sheet)
        asked = documents.request(jonas, db.session.get_one(Letter, number), kind="preview", audience="public",
                                  paper="A4")
        pages = [f"{at}/corrections/{made.id}", f"{at}/requests/{asked.public_id}"]
    cast.approved(db.session.get_one(Letter, number), "Later Body of Kisumu", country="KE")
    documents.compile_edition(jonas, db.session.get_one(Letter, number))
    return [f"{at}/editions/1", f"{at}/editions/3", f"{at}/editions/2/difference?from=1",
            f"{at}/editions/3/corrections-of/2",
            f"{at}/deliveries/record", f"{at}/deliveries/1/reference", *pages]


def _team_and_mail(number: int) -> None:
    with unit_of_work():
        deputies.name_deputy(_nadia(), db.session.get_one(Letter, number), person=_person(cast.NADIA),
                             deputy=_person(cast.OLGA), starts_at=cast.later(days=2), ends_at=cast.later(days=9))
        mail = db.session.query(OutboxMail).order_by(OutboxMail.id).first()
        assert mail is not None
        mail.state, mail.error = "failed", "550 5.1.1 no such mailbox"


def _visitors(closed: str) -> list[str]:
    edition = db.session.query(Edition).order_by(Edition.id).first()
    assert edition is not None
    return ["/", f"/letters/{SLUG}", f"/letters/{SLUG}?language=ar", f"/letters/{SLUG}/sign",
            f"/letters/{SLUG}/sign?as=person", f"/letters/{SLUG}/sign/sent", f"/letters/{closed}",
            f"/letters/{closed}/sign", "/verify", f"/verify/{edition.public_id}", "/verify?sha256=" + "0" * 64,
            "/help", *(f"/help/{topic}" for topic in TOPICS), "/member/link-again", "/member/link-again/sent",
            "/account/login", "/account/reset", "/account/sign-in-with-passkey", "/receipts",
            "/no-such-page", "/member/not-a-link"]


def _coordinators(draft: str, closed: str) -> list[str]:
    letter = f"/coordinator/letters/{SLUG}"
    return ["/coordinator", "/coordinator/letters/new", *(letter + page for page in (
        "", "/dashboard", "/queue", "/queue?shown=all", "/queue?q=nothing", "/queue/result", "/text", "/details",
        "/logo", "/translations", "/translations/ar", "/translations/fr", "/translations/ar/remove", "/team", "/enter",
        "/member-lists", "/sign-ons", "/sign-ons/invalidation", "/confirmations", "/timeline", "/deadline", "/close",
        "/cancel")),
        *(f"/coordinator/letters/{draft}{page}" for page in ("", "/publish", "/open", "/queue", "/invitations",
                                                            "/member-lists", "/dashboard")),
        *(f"/coordinator/letters/{closed}{page}" for page in ("", "/reopen", "/archive"))]


def _register() -> list[str]:
    """The register and the pages of one organisation: alike another, renamed, merged and split."""
    known = {each.name: each for each in db.session.query(Organisation)}
    one, other = known["Harbour Light Trust"], known["Harbuor Light Trust"]
    merged = known["Withdrawn Weavers"].id
    with unit_of_work():
        made = merging.merge(_nadia(), db.session.get_one(Organisation, known["Returned Readers"].id),
                             db.session.get_one(Organisation, merged), reason="The same people.").id
    kept = db.session.query(Organisation).filter_by(name="Returned Readers").one()
    person = db.session.query(Representative).filter_by(organisation_id=one.id).first()
    assert person is not None
    at = "/coordinator/organisations"
    return [at, f"{at}?q=harbour", f"{at}/{one.public_id}/compare/{other.public_id}",
            f"{at}/{kept.public_id}", f"{at}/{kept.public_id}/merges/{made}/undo",
            *(f"{at}/{one.public_id}{page}" for page in ("", "/edit", "/rename", "/representatives", "/split",
                                                        f"/representatives/{person.id}/end",
                                                        f"/representatives/{person.id}/hand-over"))]
