"""Every message that the document's own words are made of, as the sources say them."""

from __future__ import annotations

from tools.translations import HOME
from tools.translations import document_messages as messages

__all__ = ["HOME", "messages"]
