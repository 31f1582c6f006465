"""Who may do what: actors, permissions and the one policy table. Pure values, no database."""
