"""Organisations asked to sign: lists of them, personal links, reminders, who is silent and whom to phone.

What comes of an accepted invitation is an endorsement, and lives in that room.
"""
