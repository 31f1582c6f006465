"""Work that waits for a clock or a worker. Thin: the work, and the truth about what is left to do, is in rooms."""
