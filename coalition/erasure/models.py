"""The record of what was announced and erased. It holds no personal value."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.db import UTCDateTime, db
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter


class Erasure(db.Model):
    """Of a whole letter, or of one endorsement. `announced_at` is when the team was told that it comes, `counts_json`
    how much went, `wiped_at` when it was gone from the files of the database, too."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), index=True)
    endorsement_id: Mapped[int | None] = mapped_column(ForeignKey(Endorsement.id))
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_by: Mapped[str] = mapped_column(String(100), default="")
    counts_json: Mapped[str] = mapped_column("counts", Text, default="{}")
    wiped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    letter: Mapped[Letter] = relationship()
    endorsement: Mapped[Endorsement | None] = relationship()

    @property
    def counts(self) -> dict[str, int]:
        """How many rows went, by what they were (`scope.WHAT`)."""
        return dict(json.loads(self.counts_json))
