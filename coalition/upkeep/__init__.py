"""Looking after the installation: backup and restore, the doctor, what is told to those who watch. No letters."""
