"""What files for office programs share: packed again without the time of day, so that equal lists give equal files."""

from __future__ import annotations

import io
import zipfile

# The first day such an archive can name.
_NO_DAY = (1980, 1, 1, 0, 0, 0)


def without_times(packed: bytes) -> bytes:
    """The same members in the same order, none of them saying when it was written."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            kept = zipfile.ZipInfo(member.filename, _NO_DAY)
            kept.compress_type = zipfile.ZIP_DEFLATED
            kept.external_attr = 0o600 << 16
            new.writestr(kept, old.read(member))
    return made.getvalue()
