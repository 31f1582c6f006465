"""The installation's digital seal: its key and certificate. Sealing is in `sealing.py`, checking a seal in
`verification.py`."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from coalition import clock
from coalition.config import setting
from coalition.errors import NotFound, Unavailable, WrongState
from coalition.i18n import gettext as _

#: Key and certificate in one file, so that there is never one without the other.
FILE_NAME = "seal.pem"

_KEY_BITS = 3072
_FEWEST_BITS = 2048
_VALID_FOR = timedelta(days=365 * 40)  # an edition must be checkable for longer than anyone remembers it


@dataclass(frozen=True, slots=True)
class Seal:
    """A private key and its certificate (DER), self-signed or given. `timestamp_url` is the server whose time
    stamps the seal carries, "" for none."""

    certificate: bytes
    _key: rsa.RSAPrivateKey = field(repr=False)
    timestamp_url: str = ""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate in hexadecimal: how strangers know whose seal it is."""
        return hashlib.sha256(self.certificate).hexdigest()

    @property
    def certificate_pem(self) -> str:
        """The certificate for publication."""
        return self._parsed.public_bytes(serialization.Encoding.PEM).decode("ascii")

    @property
    def expires_at(self) -> datetime:
        """When the certificate ends, aware."""
        return self._parsed.not_valid_after_utc

    @property
    def _parsed(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate)

    def check_valid(self, at: datetime) -> None:
        """Raise WrongState if the certificate has ended at this moment: what it sealed then would prove nothing."""
        if at > self.expires_at:
            raise WrongState(_(
                "The certificate of the seal expired on %(day)s, so nothing can be sealed with it. Nothing is lost. "
                "Whoever runs this installation names a new one as SEAL_FILE and the old fingerprint in "
                "SEAL_FORMER; what was sealed before stays genuine.", day=self.expires_at.date().isoformat()))

    @property
    def private_key(self) -> bytes:
        """The key (DER, PKCS #8), for what signs with it."""
        return self._key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


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


def own() -> Seal:
    """The seal of this installation: of the file that SEAL_FILE names, else the one that `init` made.

    Raises NotFound if there is none, Unavailable if it cannot be used.
    """
    given = str(setting("SEAL_FILE"))
    made = given_in(Path(setting("INSTANCE")) / given) if given else load(Path(setting("INSTANCE")))
    return replace(made, timestamp_url=str(setting("TIMESTAMP_URL")))


def former() -> tuple[str, ...]:
    """The fingerprints of seals this installation had before: those in SEAL_FORMER, and that of the seal `init` made
    where another is used instead."""
    made = Path(setting("INSTANCE")) / FILE_NAME
    found = [str(fingerprint) for fingerprint in setting("SEAL_FORMER")]
    if setting("SEAL_FILE") and made.exists():
        found.append(load(made.parent).fingerprint)
    return tuple(found)


def given_in(path: Path) -> Seal:
    """The seal in a file that somebody gave: a private key and its certificate, PEM, without a passphrase.

    Raises Unavailable, saying what to do, if it cannot be used.
    """
    if not path.is_file():
        raise Unavailable(_(
            "SEAL_FILE in the settings names %(path)s, and there is no such file. Put the key and its certificate "
            "there, or take SEAL_FILE out of the settings to use the seal that “coalition init” makes.",
            path=path.name))
    return _read(path)


def load(folder: Path) -> Seal:
    """The seal that `new_key` made in `folder`. Raises NotFound if there is none, Unavailable if it cannot be used."""
    if not (folder / FILE_NAME).exists():
        raise NotFound(_("This installation has no seal yet. Run “coalition init” to make one."))
    return _read(folder / FILE_NAME)


def _read(path: Path) -> Seal:
    try:
        pem = path.read_bytes()
        open_to_others = path.stat().st_mode & 0o027
    except OSError as error:
        raise Unavailable(
            _("The seal %(path)s cannot be read: %(reason)s. Let the user who runs this program read it, and nobody "
              "else.", path=path.name, reason=error.strerror or error)
        ) from error
    found = _seal_in(pem, path)
    if open_to_others:
        raise Unavailable(_(
            "Others on this machine may read or change the seal %(path)s, so whoever can sign in there could seal in "
            "your name. Run “chmod 600 %(path)s”, and ask yourself who may have copied it.", path=path.name))
    return found


@lru_cache(maxsize=4)
def _seal_in(pem: bytes, path: Path) -> Seal:
    """The seal in a file's bytes. Kept: checking the key takes longer than a whole page."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
        certificates = x509.load_pem_x509_certificates(pem)
    except TypeError as error:
        raise Unavailable(_(
            "The key of the seal %(path)s is locked with a passphrase. Write it without one into a file that only "
            "this program can read.", path=path.name)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unavailable(_(
            "The seal %(path)s is damaged, or does not hold a private key and its certificate as PEM. Restore it from "
            "a backup.", path=path.name)) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _FEWEST_BITS:
        raise Unavailable(_("The seal %(path)s needs an RSA key of at least %(bits)d bits.", path=path.name,
                            bits=_FEWEST_BITS))
    for certificate in certificates:
        if certificate.public_key() == key.public_key():
            return Seal(certificate.public_bytes(serialization.Encoding.DER), key)
    raise Unavailable(_("In the seal %(path)s, key and certificate do not belong together. Put the key there that "
                        "the certificate was made for.", path=path.name))


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
