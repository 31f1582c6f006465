"""Programs that set the same signatory list: `python -m tests.bench.peers.NAME ROWS.json OUT.pdf`, each as its manual
shows and with the product's own font files. One piece of work, one process: its whole cost counts.

Every row is number, organisation, what it represents, signatory, title and country, in a table on A4 pages with a
header and "Page X of Y".
"""
