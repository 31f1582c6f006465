"""From frozen values to sealed PDF bytes, and what is known of them: editions, renditions, deliveries.

The list itself is made in `signatories`; pages and mails that show documents are made at the doors.
"""
