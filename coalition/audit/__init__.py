"""What is remembered for ever: the list of actions, the hash-chained log, and its verification."""
