"""Time stamps of an authority (RFC 3161) on seals: asking for one, and what a stamp proves by itself.

Parts of a stamp are signed by its authority, and others - names of methods, further certificates - by nobody. Those
are alike in all stamps of one authority: their hash, `shape_of`, is signed with the seal. So no byte of a stamp can
be exchanged, nor the authority; only the same authority could give a later stamp. Whether it can be trusted is for
whoever knows its certificate: nothing is asked of anybody.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from coalition.errors import Unavailable
from coalition.i18n import gettext as _

_TIMEOUT = 20  # seconds
_SEQUENCE, _SET, _OCTETS, _TAG_0 = 0x30, 0x31, 0x04, 0xA0


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamp says: the moment (aware) before which the seal was there, and the authority's name."""

    moment: datetime
    authority: str


def stamper(address: str) -> HTTPTimeStamper:
    """What asks the server at `address` for stamps. Raises Unavailable for what is no web address."""
    if not address.startswith(("http://", "https://")):
        raise Unavailable(_(
            "TIMESTAMP_URL in the settings is no web address: “%(address)s”. Mend it, or take it out to seal "
            "without time stamps.", address=address))
    return HTTPTimeStamper(address, timeout=_TIMEOUT)


def no_answer(address: str, reason: object) -> Unavailable:
    """The refusal for a server that gave no stamp, or one that proves nothing."""
    return Unavailable(_(
        "The time stamp server %(address)s gave no valid time stamp (%(reason)s). Nothing was sealed and nothing is "
        "lost: try again later, or take TIMESTAMP_URL out of the settings to seal without time stamps.",
        address=address, reason=str(reason) or type(reason).__name__))


def shape_of(token: cms.ContentInfo) -> str:
    """The SHA-256 of all that is in a stamp and not signed by its authority, in hexadecimal."""
    pieces = (piece for _place, piece in _pieces(token["content"]) if piece is not None)
    return hashlib.sha256(b"".join(hashlib.sha256(piece).digest() for piece in pieces)).hexdigest()


def proved(token: cms.ContentInfo, signature: bytes, shape: str) -> Stamp:
    """What the stamp proves of this signature of a seal. Raises ValueError if it is of another one, of another
    shape, not signed by its certificate, or written in any other way than such a stamp is."""
    if shape_of(token) != shape or _written(token) != token.dump():
        raise ValueError("another stamp than the seal speaks of")
    signed = token["content"]
    (signer,) = signed["signer_infos"]
    certificate = extract_certificate_info(signed).signer_cert
    content = signed["encap_content_info"]["content"]
    said = content.parsed
    imprint = said["message_imprint"]
    method = imprint["hash_algorithm"]["algorithm"].native
    if imprint["hashed_message"].native != hashlib.new(method, signature).digest():
        raise ValueError("a stamp of something else")
    usage = certificate.extended_key_usage_value
    if usage is None or "time_stamping" not in usage.native:
        raise ValueError("not a certificate for time stamps")
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content)).digest()
    if validate_sig_integrity(signer, certificate, "tst_info", digest) != (True, True):
        raise ValueError("a stamp that does not hold")
    moment = said["gen_time"].native
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        raise ValueError("a stamp from outside its certificate's time")
    return Stamp(moment, str(certificate.subject.human_friendly))


def _pieces(signed: Any) -> tuple[tuple[str, bytes | None], ...]:
    """A stamp's parts in their order, as they are written; None stands for those the authority signed."""
    (signer,) = signed["signer_infos"]
    return (
        ("signed", signed["version"].dump()),
        ("signed", signed["digest_algorithms"].dump()),
        ("content", signed["encap_content_info"]["content_type"].dump()),
        ("content", None),
        ("signed", signed["certificates"].dump()),
        ("signed", signed["crls"].dump()),
        ("signer", signer["version"].dump()),
        ("signer", signer["sid"].dump()),
        ("signer", signer["digest_algorithm"].dump()),
        ("signer", None),
        ("signer", signer["signature_algorithm"].dump()),
        ("signer", None),
        ("signer", signer["unsigned_attrs"].dump()),
    )


def _written(token: cms.ContentInfo) -> bytes:
    """The stamp put together again from its parts: the one way to write it."""
    signed = token["content"]
    (signer,) = signed["signer_infos"]
    pieces = list(_pieces(signed))
    values = iter((
        _der(_TAG_0, _der(_OCTETS, bytes(signed["encap_content_info"]["content"]))),
        _der(_TAG_0, signer["signed_attrs"].contents),
        _der(_OCTETS, signer["signature"].native),
    ))  # fmt: skip
    whole = [(place, next(values) if piece is None else piece) for place, piece in pieces]
    parts = {name: b"".join(piece for place, piece in whole if place == name) for name in ("content", "signer")}
    head = b"".join(piece for place, piece in whole[:2])
    certificates = b"".join(piece for place, piece in whole[4:6])
    body = _der(_SEQUENCE, head + _der(_SEQUENCE, parts["content"]) + certificates
                + _der(_SET, _der(_SEQUENCE, parts["signer"])))  # fmt: skip
    return _der(_SEQUENCE, token["content_type"].dump() + _der(_TAG_0, body))


def _der(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content
