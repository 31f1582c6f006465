"""What is slow to make and never changed: a seal, and the letter of 2016 drawn and sealed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from coalition.documents.drawing import draw
from coalition.documents.seal import Seal, new_key
from coalition.documents.sealing import seal
from coalition.documents.snapshot import Snapshot
from tests.documents.cast import mixed, snapshot


@dataclass(frozen=True)
class Sealed:
    """An edition, its unsealed PDF and its sealed one."""

    snapshot: Snapshot
    drawn: bytes
    pdf: bytes


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return new_key(tmp_path_factory.mktemp("seal"), name="Coalition of the tests")


@pytest.fixture(scope="session")
def letter_2016(issuer: Seal) -> Sealed:
    frozen = replace(snapshot(), issuer=issuer.fingerprint)
    drawn = draw(frozen)
    return Sealed(frozen, drawn, seal(drawn, seal=issuer, at=frozen.frozen_time, reason="Edition 1"))


@pytest.fixture(scope="session")
def many_scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF of a list of 300 entries in Latin, Arabic, Cyrillic, Chinese, Greek and mixed lines."""
    path = tmp_path_factory.mktemp("many") / "many.pdf"
    path.write_bytes(draw(snapshot(mixed(300))))
    return path
