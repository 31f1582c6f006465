"""Is this PDF genuine? Answered from the file's bytes alone, for anybody's file, without a database.

A seal covers all bytes but its own signature; the signature in turn is rebuilt from what it proves and
compared. So a file is called genuine only if it is, byte for byte, what the seal's owner sealed. No PDF of a
stranger is parsed for that. Only to say what was done to a file that is known not to be genuine, it is opened,
and what it holds is compared with what its seal says it held.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pikepdf
from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from coalition import clock
from coalition.documents import stamping
from coalition.documents.inventory import Inventory, looked_into
from coalition.documents.sealing import INVENTORY
from coalition.documents.stamping import Stamp
from coalition.i18n import gettext as _

#: The largest file that is looked at, in bytes.
LIMIT = 64 * 1024**2

Status = Literal["genuine", "altered", "unknown_issuer"]

_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")

# What reading a damaged or hostile signature can raise in the two libraries that read it.
_UNREADABLE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError,
    UnsupportedAlgorithm,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What a genuine edition says of itself. `part` is the part of it that the file holds, "" for the whole."""

    letter: str
    subject: str
    version: int
    edition: int
    edition_id: str
    audience: str
    frozen_at: str
    sha256: str
    counts: Mapping[str, int | None]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: `status`, `code` (stable, for programs), `reason` (for readers), and the facts if genuine.

    Codes: whole; changed, appended, page_removed, page_added, attachment_swapped, rewritten, truncated,
    seal_damaged, seal_expired, no_seal, not_a_pdf, too_large; foreign_seal.
    `issuer` is the fingerprint of the seal where one could be read and holds. `stamp` is its time stamp, `expired_at`
    the end of its certificate where that is past.
    """

    status: Status
    code: str
    reason: str
    facts: EditionFacts | None = None
    issuer: str = ""
    stamp: Stamp | None = None
    expired_at: datetime | None = None

    @property
    def is_genuine(self) -> bool:
        """Whether the file is, byte for byte, what the asked issuer sealed."""
        return self.status == "genuine"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the signature stands: its first and last byte in the file, and where the sealed part ends."""

    start: int
    end: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Holds:
    """A seal that holds over the bytes it covers: whose it is, until when, its time stamp, and whether nothing but
    ours is in it."""

    issuer: str
    expires_at: datetime
    stamp: Stamp | None
    exact: bool


def verify(pdf: bytes, *, fingerprint: str, former: Iterable[str] = ()) -> Verdict:
    """Whether `pdf` is whole, unchanged, and sealed by the issuer with this fingerprint (SHA-256, hex), or with one
    of the `former` ones of the same issuer.

    Never raises, whatever the bytes are.
    """
    if len(pdf) > LIMIT:
        return _altered("too_large")
    if not pdf.startswith(b"%PDF-"):
        return _altered("not_a_pdf")
    asked = {one.replace(":", "").replace(" ", "").lower() for one in (fingerprint, *former)}
    place = _find(pdf)
    if place is None or pdf[place.start : place.start + 1] != b"<" or pdf[place.end - 1 : place.end] != b">":
        return _altered(_told_apart(pdf, place, asked))
    if place.stop > len(pdf):
        return _altered("truncated")
    outcome = _check(pdf[: place.stop], place)
    if isinstance(outcome, str):
        return _altered(outcome)
    if place.stop < len(pdf):
        return _altered("appended")
    stamp, expired_at = outcome.stamp, outcome.expires_at if outcome.expires_at < clock.now() else None
    if outcome.issuer not in asked:
        return Verdict("unknown_issuer", "foreign_seal", _reason("foreign_seal"), None, outcome.issuer, stamp,
                       expired_at)  # fmt: skip
    if not outcome.exact:
        return _altered("seal_damaged")
    facts = _facts(pdf)
    sealed_at = stamp.moment if stamp else datetime.fromisoformat(facts.frozen_at) if facts else outcome.expires_at
    if sealed_at > outcome.expires_at:
        return _altered("seal_expired")
    return Verdict("genuine", "whole", _reason("whole"), facts, outcome.issuer, stamp, expired_at)


def _altered(code: str) -> Verdict:
    return Verdict("altered", code, _reason(code))


def _reason(code: str) -> str:
    reasons = {
        "whole": _("The file is whole and unchanged since it was sealed."),
        "changed": _("The file was changed after it was sealed: its contents do not match the seal."),
        "appended": _("Something was added to the file after it was sealed. The sealed part is unchanged."),
        "truncated": _("The file is not complete: its end is missing."),
        "page_removed": _("Pages were taken out of the file after it was sealed: it has fewer than its seal says."),
        "page_added": _("Pages were put into the file after it was sealed: it has more than its seal says."),
        "attachment_swapped": _(
            "A file attached to it was exchanged, taken out or added after it was sealed: the attached list is not "
            "the one its seal names."
        ),
        "rewritten": _("The file was saved anew by another program after it was sealed."),
        "seal_expired": _("The seal was put on the file after the certificate of the seal had ended."),
        "seal_damaged": _("The seal is damaged, was changed, or is of a kind that cannot be checked here."),
        "no_seal": _("The file carries no seal."),
        "not_a_pdf": _("This is not a PDF file."),
        "too_large": _("The file is larger than any edition."),
        "foreign_seal": _("The file is whole, but it was sealed by an issuer that is not known here."),
    }
    return reasons[code]


def _find(pdf: bytes) -> _Place | None:
    found = _RANGE.findall(pdf)
    if not found:
        return None
    start, end, length = (int(digits) for digits in found[-1])
    return _Place(start, end, end + length) if start < end else None


def _without_seal(pdf: bytes, place: _Place | None) -> str:
    if place is not None:
        return "rewritten"
    if b"/ByteRange" in pdf:
        return "seal_damaged"
    return "no_seal" if pdf.rstrip().endswith(b"%%EOF") else "truncated"


def _check(pdf: bytes, place: _Place) -> _Holds | str:
    """Whether the seal holds over `pdf`, which ends where the sealed part ends; a code if it does not."""
    digits = pdf[place.start + 1 : place.end - 1]
    if not re.fullmatch(rb"(?:[0-9A-F]{2})+", digits):
        return "seal_damaged"
    padded = bytes.fromhex(digits.decode("ascii"))
    covered = hashlib.sha256(pdf[: place.start])
    covered.update(pdf[place.end :])
    try:
        content = cms.ContentInfo.load(padded)
        der = content.dump()
        if padded[len(der) :].strip(b"\0"):
            return "seal_damaged"
        return _check_signature(content["content"], der, covered.digest())
    except _UNREADABLE:
        return "seal_damaged"


def _told_apart(pdf: bytes, place: _Place | None, asked: Set[str]) -> str:
    """The code for a file in which the seal does not stand where it says it does."""
    code = _done_to(pdf, asked)
    if code is None or (code == "rewritten" and place is None and b"/ByteRange" in pdf):
        return _without_seal(pdf, place)
    return code


def _done_to(pdf: bytes, asked: Set[str]) -> str | None:
    """What was done to a file that another program saved anew: by the word of a seal of the asked issuer that
    is still in it. None if there is none that says what the file held."""
    opened = looked_into(pdf)
    if opened is None:
        return None
    for signature in opened.signatures:
        sealed = _inventory_in(signature, asked)
        if sealed is None:
            continue
        if opened.inventory.pages != sealed.pages:
            return "page_removed" if opened.inventory.pages < sealed.pages else "page_added"
        return "rewritten" if opened.inventory.files == sealed.files else "attachment_swapped"
    return None


def _inventory_in(signature: bytes, asked: Set[str]) -> Inventory | None:
    try:
        signed = _read(cms.ContentInfo.load(signature)["content"])
        (held,) = signed.attributes[INVENTORY]
        return Inventory.from_json(held.parsed.native) if signed.issuer in asked else None
    except (*_UNREADABLE, InvalidSignature):
        return None


@dataclass(frozen=True, slots=True)
class _Signed:
    """The parts of a signature that holds over its own attributes."""

    signer: Any
    certificate: Any
    attributes: Mapping[str, Any]
    issuer: str


def _check_signature(signed: Any, der: bytes, digest: bytes) -> _Holds | str:
    try:
        read = _read(signed)
    except InvalidSignature:
        return "seal_damaged"
    (stated,) = read.attributes["message_digest"]
    if stated.native != digest:
        return "changed"
    stamp, token = _stamp_in(read)
    exact = _rebuilt(read.signer, read.certificate, token) == der
    return _Holds(read.issuer, read.certificate.not_valid_after, stamp, exact)


def _stamp_in(read: _Signed) -> tuple[Stamp | None, cms.ContentInfo | None]:
    """The time stamp on a seal: there must be one if the seal says so, and of the very kind it says, and else none.
    Raises one of `_UNREADABLE` otherwise."""
    if INVENTORY not in read.attributes:
        return None, None
    (held,) = read.attributes[INVENTORY]
    shape = Inventory.from_json(held.parsed.native).stamp
    if not shape:
        return None, None
    (attribute,) = read.signer["unsigned_attrs"]
    (token,) = attribute["values"]
    return stamping.proved(token, read.signer["signature"].native, shape), token


def _read(signed: Any) -> _Signed:
    """The parts of a signature. Raises InvalidSignature, or one of `_UNREADABLE`, if it does not hold."""
    (signer,) = signed["signer_infos"]
    (certificate,) = signed["certificates"]
    certificate_der = certificate.chosen.dump()
    attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    (named,) = attributes["signing_certificate_v2"]
    issuer = hashlib.sha256(certificate_der)
    if named["certs"][0]["cert_hash"].native != issuer.digest():
        raise ValueError("another certificate than the one it names")
    key = x509.load_der_x509_certificate(certificate_der).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("no key of ours")
    key.verify(
        signer["signature"].native,
        signer["signed_attrs"].untag().dump(),
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    return _Signed(signer, certificate.chosen, attributes, issuer.hexdigest())


def _rebuilt(signer: Any, certificate: Any, token: cms.ContentInfo | None) -> bytes:
    """The signature as `seal.py` makes it, from the parts that are proved: anything else differs."""
    digest_algorithm = cms.DigestAlgorithm({"algorithm": "sha256"})
    rebuilt = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": cms.DigestAlgorithms((digest_algorithm,)),
                    "encap_content_info": {"content_type": "data"},
                    "certificates": [certificate],
                    "signer_infos": [
                        cms.SignerInfo(
                            {
                                "version": "v1",
                                "sid": cms.SignerIdentifier(
                                    {
                                        "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                                            {
                                                "issuer": certificate.issuer,
                                                "serial_number": certificate["tbs_certificate"][
                                                    "serial_number"
                                                ],
                                            }
                                        )
                                    }
                                ),
                                "digest_algorithm": digest_algorithm,
                                "signature_algorithm": {"algorithm": "sha256_rsa"},
                                "signed_attrs": signer["signed_attrs"],
                                "signature": signer["signature"],
                                **_unsigned(token),
                            }
                        )
                    ],
                }
            ),
        }
    )
    return bytes(rebuilt.dump())


def _unsigned(token: cms.ContentInfo | None) -> dict[str, Any]:
    if token is None:
        return {}
    stamped = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
    return {"unsigned_attrs": cms.CMSAttributes([stamped])}


def _facts(pdf: bytes) -> EditionFacts | None:
    """What the attached list says of its edition. Only asked of files that proved to be ours."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = (name for name in ("signatories.json", "edition.json") if name in document.attachments)
        name = next(names, None)
        if name is None:
            return None
        attached = document.attachments[name]
        data = json.loads(attached.get_file().read_bytes())
    letter, edition = data["letter"], data["edition"]
    return edition and EditionFacts(
        letter=letter["slug"],
        subject=letter["subject"],
        version=letter["version"],
        edition=edition["number"],
        edition_id=edition["id"],
        audience=edition["audience"],
        frozen_at=edition["frozen_at"],
        sha256=edition["sha256"],
        counts=data["counts"],
        part=data.get("part", ""),
    )
