"""Every message that the document's own words, and those of the letters that go with it, are made of."""

from __future__ import annotations

from tools.translations import HOME
from tools.translations import document_messages as messages
from tools.translations import letter_messages as messages_of_letters

__all__ = ["HOME", "messages", "messages_of_letters"]
