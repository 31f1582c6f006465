"""Outgoing mail: the message as a value, the outbox that keeps it, its delivery and the transport."""
