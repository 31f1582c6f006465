"""People of the staff, how they come in, mailed links, and who an actor is. Teams of letters are in letters."""
