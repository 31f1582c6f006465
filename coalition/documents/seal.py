"""The installation's digital seal: its key and certificate, and sealing a finished PDF (PAdES, by pyHanko).

The seal covers every byte of the file and allows no change. Sealing again gives the same bytes, so that an
edition can be rebuilt: no time stamp, and a signature scheme without chance in it. Checking a seal is in
`verification.py`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import cms, core, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko_certvalidator.registry import SimpleCertificateStore

from coalition import clock
from coalition.documents.inventory import inventory_of
from coalition.errors import NotFound, Unavailable, WrongState
from coalition.i18n import gettext as _

#: Key and certificate in one file, so that there is never one without the other.
FILE_NAME = "seal.pem"

#: What the attribute that holds the inventory is called: an identifier anybody may make for themselves.
INVENTORY = "2.25.209837465501928374650192837465019283"

_KEY_BITS = 3072
_VALID_FOR = timedelta(days=365 * 40)  # an edition must be checkable for longer than anyone remembers it
_FIELD = "Seal"
_RESERVED = 8192  # hexadecimal digits; the signature with its certificate needs about half


@dataclass(frozen=True, slots=True)
class Seal:
    """A private key and its self-signed certificate (DER)."""

    certificate: bytes
    _key: rsa.RSAPrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate in hexadecimal: how strangers know whose seal it is."""
        return hashlib.sha256(self.certificate).hexdigest()

    @property
    def certificate_pem(self) -> str:
        """The certificate for publication."""
        certificate = x509.load_der_x509_certificate(self.certificate)
        return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def signer(self, inventory: bytes) -> SimpleSigner:
        """What pyHanko signs with; `inventory` is signed too."""
        private = self._key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return _Signer(
            inventory,
            signing_cert=asn1_x509.Certificate.load(self.certificate),
            signing_key=keys.PrivateKeyInfo.load(private),
            cert_registry=SimpleCertificateStore(),
        )


class _Signer(SimpleSigner):  # type: ignore[misc]
    """Signs, beside the file's digest, what the file holds: so that a file that was taken apart and saved anew
    still tells, by the seal's own word, what is missing in it."""

    def __init__(self, inventory: bytes, **values: Any) -> None:
        super().__init__(**values)
        self._inventory = inventory

    async def signed_attrs(self, *arguments: Any, **values: Any) -> cms.CMSAttributes:
        attributes = await super().signed_attrs(*arguments, **values)
        attributes.append(
            cms.CMSAttribute({"type": INVENTORY, "values": [core.OctetString(self._inventory)]})
        )  # fmt: skip
        return attributes


def new_key(folder: Path, *, name: str = "coalition") -> Seal:
    """Make the seal of this installation and write it to `folder`, readable by the owner only.

    `name` stands in the certificate. Written whole or not at all. Raises WrongState if there is a seal.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    certificate = _certificate(key, name)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    _write_once(folder / FILE_NAME, pem)
    return Seal(certificate.public_bytes(serialization.Encoding.DER), key)


def load(folder: Path) -> Seal:
    """The seal kept in `folder`. Raises NotFound if there is none, Unavailable if it cannot be used."""
    path = folder / FILE_NAME
    try:
        pem = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(_("This installation has no seal yet. Run “coalition init” to make one.")) from error
    except OSError as error:
        raise Unavailable(
            _("The seal %(path)s cannot be read: %(reason)s.", path=path, reason=error.strerror or error)
        ) from error
    return _seal_in(pem, path)


@lru_cache(maxsize=4)
def _seal_in(pem: bytes, path: Path) -> Seal:
    """The seal in a file's bytes. Kept: checking the key takes longer than a whole page."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise Unavailable(_("The seal %(path)s is damaged. Restore it from a backup.", path=path)) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
        raise Unavailable(_("In the seal %(path)s, key and certificate do not belong together.", path=path))
    return Seal(certificate.public_bytes(serialization.Encoding.DER), key)


def seal(pdf: bytes, *, seal: Seal, at: datetime, reason: str) -> bytes:
    """The PDF with the seal on it: the given bytes, unchanged, and one revision after them.

    `at` (aware) is the time the seal names, `reason` what it is for (plain text, shown by PDF readers).
    The same arguments give the same bytes.
    """
    held = inventory_of(pdf).to_json()
    for spare in range(0, 64, 2):
        sealed = _sealed(pdf, seal, at, reason, _RESERVED + spare, held)
        # A stream whose last byte is a carriage return seems one byte short to validators: shift and retry.
        if b"\r\nendstream" not in sealed[len(pdf) :].replace(b"\r\r\nendstream", b""):
            return sealed
    raise Unavailable(_("The document could not be sealed."))


def _sealed(pdf: bytes, seal: Seal, at: datetime, reason: str, reserved: int, held: bytes) -> bytes:
    writer = _Revision(BytesIO(pdf))
    _place_field(writer)
    signature = SignatureObject(
        timestamp=at, subfilter=SigSeedSubFilter.PADES, reason=reason, bytes_reserved=reserved
    )
    steps = PdfCMSEmbedder().write_cms(field_name=_FIELD, writer=writer, existing_fields_only=True)
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
        _awaited(
            seal.signer(held).async_sign(
                prepared.document_digest, digest_algorithm="sha256", use_pades=True
            )
        )
    )  # fmt: skip
    sealed: bytes = output.getvalue()
    return sealed


def _awaited(work: Coroutine[Any, Any, Any]) -> Any:
    """What an asynchronous call gives. In a thread of its own: the caller's may have a loop running already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


class _Revision(IncrementalPdfFileWriter):  # type: ignore[misc]
    """A revision without chance and without a clock: pyHanko would write a random id and the time of day."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        first, second = (bytes(part.original_bytes) for part in prev.trailer["/ID"])
        revised = hashlib.sha256(b"sealed " + second).digest()[:16]
        return generic.ArrayObject([generic.ByteStringObject(first), generic.ByteStringObject(revised)])

    def _update_meta(self) -> None:
        """Leave the metadata alone: rewriting it would drop what makes the file PDF/A and PDF/UA."""


def _place_field(writer: _Revision) -> None:
    """An invisible signature field that the structure of the document knows: PDF/UA asks for both."""
    root = writer.root
    page = root["/Pages"]["/Kids"].raw_get(0)
    structure = root["/StructTreeRoot"]
    document = structure["/K"].raw_get(0)
    numbers = structure["/ParentTree"]["/Nums"]
    key = max((int(number) for number in list(numbers)[::2]), default=-1) + 1
    widget = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Sig"),
                pdf_name("/T"): pdf_string(_FIELD),
                pdf_name("/TU"): pdf_string("Digital seal of this document"),
                pdf_name("/F"): generic.NumberObject(0b1000_0100),  # to be printed, locked
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(0)] * 4),
                pdf_name("/P"): page,
                pdf_name("/StructParent"): generic.NumberObject(key),
            }
        )
    )
    element = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): document,
                pdf_name("/Pg"): page,
                pdf_name("/K"): generic.ArrayObject(
                    [
                        generic.DictionaryObject(
                            {
                                pdf_name("/Type"): pdf_name("/OBJR"),
                                pdf_name("/Obj"): widget,
                                pdf_name("/Pg"): page,
                            }
                        )
                    ]
                ),
            }
        )
    )
    document.get_object()["/K"].append(element)
    writer.update_container(document.get_object()["/K"])
    numbers.extend([generic.NumberObject(key), element])
    writer.update_container(numbers)
    structure[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(structure)
    sheet = page.get_object()
    sheet[pdf_name("/Annots")] = generic.ArrayObject([*sheet.get("/Annots", ()), widget])
    writer.update_container(sheet)
    root[pdf_name("/AcroForm")] = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Fields"): generic.ArrayObject([widget]),
                pdf_name("/SigFlags"): generic.NumberObject(3),
            }
        )
    )
    writer.update_root()


def _certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Seal of {name}"[:64]),
        ]
    )
    now = clock.now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_USAGE, critical=True)
        .sign(key, hashes.SHA256())
    )


_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _write_once(path: Path, content: bytes) -> None:
    """Write a new file whole, private to its owner, or leave what is there."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # Linking fails where the name is taken: a second start at the same moment cannot replace a seal.
        os.link(temporary, path)
    except FileExistsError as error:
        raise WrongState(_("There is a seal already: %(path)s.", path=path)) from error
    finally:
        Path(temporary).unlink()
