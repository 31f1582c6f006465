"""The commands of the operator. One file a subject; `register.py` hangs them together."""
