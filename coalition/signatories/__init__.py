"""The signatory list as pure values: entries, the printed line, counting, ordering, grouping, claims.

No database, no clock, no locale of the machine: the same input gives the same output, byte for byte.
"""
