"""Long lists, drawn entry by entry and put on pages by arithmetic.

A document with a long list is typeset without it; each entry is drawn once, by itself, and kept by a hash of all it is
drawn from (`keeping`). Where entries come to stand follows from their heights (`paging`); their running numbers are
drawn apart, so that a new entry in the middle of a list draws nothing again but itself. Pages on which nothing changed
are kept whole (`sheets`, `structure`); `joining` puts them into the document, `writing` makes the file.

The one door is `documents/pdf.py`. All but `gathering` and what it uses runs in the typesetter's process only.
"""
