"""Erasing personal data: when it is due, what goes, the record of it, and wiping it from the files of the database.
What editions print, counts and the audit chain stay. Above all rooms whose rows it empties; none of them knows it."""
