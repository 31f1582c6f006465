"""What developers run now and then: locks, fonts, translations. Nothing of it is in the wheel."""
