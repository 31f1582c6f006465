"""The letter: its details, recipients, team, versions of the text, and its life from draft to archive."""
