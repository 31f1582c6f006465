"""Measurements side by side in one run, told as ratios: `make bench`, or `python -m tests.bench [PART ...]`.

A part is one module with `measure() -> dict` (plain figures, medians of at least three rounds, peers measured in the
same run between the product's rounds) and `tell(figures) -> lines`. What parts share is in `measuring.py`, made-up
signatories in `rows.py`, a crowd of their endorsements in `filling.py`, processes looked at from outside in
`watching.py`; `reckoning.py` says what more machines would carry. Programs that are measured beside ours lie in
packages of their own. Nothing passes or fails here: tests do that.
"""
