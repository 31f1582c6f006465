"""The pages: one folder per audience, and what all audiences share. `register.py` hangs them together."""
