"""Sealing a finished PDF (PAdES, by pyHanko).

The seal covers every byte of the file and allows no change. Sealing again gives the same bytes, so that an
edition can be rebuilt: a signature scheme without chance in it. Only where the settings name a time stamp server
does the seal hold something that is new each time, the stamp (`stamping.py`). Key and certificate are in `seal.py`,
checking a seal is in `verification.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, core, keys, x509
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko_certvalidator.registry import SimpleCertificateStore

from coalition import clock
from coalition.documents import stamping
from coalition.documents.inventory import Inventory, inventory_of
from coalition.documents.seal import Seal
from coalition.documents.seal_field import NAME, Revision, place_field
from coalition.errors import Unavailable
from coalition.i18n import gettext as _

#: What the attribute that holds the inventory is called: an identifier anybody may make for themselves.
INVENTORY = "2.25.209837465501928374650192837465019283"

_RESERVED = 8192  # hexadecimal digits; the signature with its certificate needs about half
_USUAL_CERTIFICATE = 1500  # bytes; one that was given may be longer
_STAMPS_DIFFER = 512  # the same, for a stamp that is longer than the one asked for before it


class _Signer(SimpleSigner):  # type: ignore[misc]
    """Signs, beside the file's digest, what the file holds: so that a file that was taken apart and saved anew
    still tells, by the seal's own word, what is missing in it. Keeps the signature and its time stamp at hand."""

    signature: bytes
    stamp: cms.ContentInfo

    def __init__(self, inventory: bytes, **values: Any) -> None:
        super().__init__(**values)
        self._inventory = inventory

    async def signed_attrs(self, *arguments: Any, **values: Any) -> cms.CMSAttributes:
        attributes = await super().signed_attrs(*arguments, **values)
        attributes.append(
            cms.CMSAttribute({"type": INVENTORY, "values": [core.OctetString(self._inventory)]})
        )  # fmt: skip
        return attributes

    async def unsigned_attrs(self, *arguments: Any, **values: Any) -> cms.CMSAttributes | None:
        attributes = await super().unsigned_attrs(*arguments, **values)
        if attributes is not None:
            self.signature = arguments[1] if len(arguments) > 1 else values["signature"]
            self.stamp = attributes[0]["values"][0]
        return attributes


def seal(pdf: bytes, *, seal: Seal, at: datetime, reason: str) -> bytes:
    """The PDF with the seal on it: the given bytes, unchanged, and one revision after them.

    `at` (aware) is the time the seal names, `reason` what it is for (plain text, shown by PDF readers).
    The same arguments give the same bytes, but for a time stamp. Raises WrongState if the certificate had ended
    `at` that time, Unavailable if the time stamp server gives no valid stamp.
    """
    seal.check_valid(clock.now() if seal.timestamp_url else at)
    held = inventory_of(pdf)
    room = _RESERVED + 2 * max(0, len(seal.certificate) - _USUAL_CERTIFICATE)
    for spare in range(0, 64, 2):
        sealed = _awaited(_sealed(pdf, seal, at, reason, room + spare, held))
        # A stream whose last byte is a carriage return seems one byte short to validators: shift and retry.
        if b"\r\nendstream" not in sealed[len(pdf) :].replace(b"\r\r\nendstream", b""):
            return bytes(sealed)
    raise Unavailable(_("The document could not be sealed."))


async def _sealed(pdf: bytes, seal: Seal, at: datetime, reason: str, reserved: int, held: Inventory) -> bytes:
    server = stamping.stamper(seal.timestamp_url) if seal.timestamp_url else None
    try:
        if server is not None:
            example = await server.async_dummy_response("sha256")
            held = replace(held, stamp=stamping.shape_of(example))
            reserved += 2 * len(example.dump()) + _STAMPS_DIFFER
        signer = _signer(seal, held.to_json())
        sealed = await _written(pdf, signer, server, at, reason, reserved)
        if server is not None:
            stamping.proved(signer.stamp, signer.signature, held.stamp)
    except (OSError, ValueError, TypeError, KeyError) as error:
        # What the server's answer can raise; without a server it is a fault of ours, for the log.
        if server is None:
            raise
        raise stamping.no_answer(seal.timestamp_url, error) from error
    return sealed


async def _written(pdf: bytes, signer: _Signer, server: Any, at: datetime, reason: str, reserved: int) -> bytes:
    writer = Revision(BytesIO(pdf))
    place_field(writer)
    signature = SignatureObject(
        timestamp=at, subfilter=SigSeedSubFilter.PADES, reason=reason, bytes_reserved=reserved
    )
    steps = PdfCMSEmbedder().write_cms(field_name=NAME, writer=writer, existing_fields_only=True)
    next(steps)
    steps.send(
        SigObjSetup(
            sig_placeholder=signature,
            mdp_setup=SigMDPSetup(
                md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES
            ),
        )
    )  # fmt: skip
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256", output=BytesIO()))
    steps.send(
        await signer.async_sign(
            prepared.document_digest, digest_algorithm="sha256", use_pades=True, timestamper=server
        )
    )  # fmt: skip
    sealed: bytes = output.getvalue()
    return sealed


def _awaited(work: Coroutine[Any, Any, Any]) -> Any:
    """What an asynchronous call gives. In a thread of its own: the caller's may have a loop running already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def _signer(seal: Seal, inventory: bytes) -> _Signer:
    return _Signer(
        inventory,
        signing_cert=x509.Certificate.load(seal.certificate),
        signing_key=keys.PrivateKeyInfo.load(seal.private_key),
        cert_registry=SimpleCertificateStore(),
    )
