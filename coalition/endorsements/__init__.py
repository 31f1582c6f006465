"""The act of signing: endorsements, their entries and amendments, their states, and the list they make."""
