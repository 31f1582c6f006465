"""A name that is withheld, or for the recipients alone, leaves by no door of the public pages."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.endorsements import operations as endorsements
from tests import cast
from tests.oracles import all_bytes, forms_of

WITHHELD, RECIPIENTS = "CNRY-7f3a Éveil", "CNRY-c41d Ömer"


def assert_clean(data: bytes, where: str) -> None:
    for secret in (WITHHELD, RECIPIENTS):
        for shape in forms_of(secret):
            assert shape not in data, f"{secret} as {shape!r} in {where}"


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        cast.approved(letter, WITHHELD, country="KE", visibility="withheld", description=WITHHELD,
                      signatory="CNRY-7f3a Person", is_network=True, represents_count="77777",
                      represents_unit="organisations", represents_text=f"all of {WITHHELD}")
        cast.approved(letter, RECIPIENTS, country="NO", visibility="recipients")
        cast.approved(letter, "Body", country="NO", visibility="withheld", signing_as="person",
                      signatory=f"{WITHHELD} Smith")
        documents.compile_edition(cast.actor(cast.JONAS), letter)
        documents.compile_edition(cast.actor(cast.JONAS), letter, audience="recipients")
        return letter.slug


def addresses(slug: str) -> list[str]:
    here = f"/letters/{slug}"
    return ["/", here, f"{here}.json", f"{here}.csv", f"{here}/versions/1.txt", f"{here}/sign",
            f"{here}/sign?as=person", f"{here}/sign/sent", f"{here}/editions/1/letter.pdf",
            f"{here}/editions/2/letter.pdf", f"{here}/editions/3/letter.pdf", f"{here}.json?q=CNRY", "/verify",
            "/help", "/member/link-again", "/member/link-again/sent", "/no-such-page", "/healthz", "/readyz"]


def test_no_public_answer_holds_a_hidden_name(slug: str, app: Flask) -> None:
    client = app.test_client()
    for address in addresses(slug):
        answer = client.get(address)
        assert answer.status_code < 500
        assert_clean(all_bytes(answer), address)


def test_a_hidden_statement_is_in_no_public_number(slug: str, app: Flask) -> None:
    client = app.test_client()
    for address in (f"/letters/{slug}", f"/letters/{slug}.json", "/"):
        text = client.get(address).text
        assert "77777" not in text
        assert "77,777" not in text
    counts = client.get(f"/letters/{slug}.json").json["counts"]
    assert (counts["signatories"], counts["withheld"], counts["represented_stated"]) == (4, 3, 0)
    assert counts["countries"] == 1


def test_what_a_hidden_signatory_changes_leaves_no_trace_outside(slug: str, app: Flask) -> None:
    """Not in the bytes, not in their length, not in the ETag: only the names nobody sees have changed."""
    client = app.test_client()
    watched = [address for address in addresses(slug) if "/sign" not in address and "no-such" not in address
               and "?" not in address and "editions/3" not in address and "editions/2" not in address]
    watched = [address for address in watched if address not in ("/verify", "/member/link-again")]
    before = {address: client.get(address) for address in watched}
    with app.app_context():
        (made,) = [row for row in cast.Endorsement.query if row.entry.organisation == WITHHELD]
        number = made.id
        with unit_of_work():
            endorsements.amend(signer(number), endorsements.get(number), seen=1, take_down=False,
                               fields=cast.fields("CNRY-7f3a renamed", country="SE"))
        cast.approve(endorsements.get(number))
    for address, first in before.items():
        again = app.test_client().get(address)
        assert again.data == first.data, address
        assert again.headers.get("ETag") == first.headers.get("ETag"), address


def test_signing_for_a_hidden_body_says_nothing_of_it(slug: str, app: Flask) -> None:
    client = app.test_client()
    answer = client.get(f"/letters/{slug}/sign/sent")
    assert_clean(all_bytes(answer), "sent")
