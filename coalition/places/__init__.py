"""Countries by the names this installation gives them. Codes and the usual names are in `coalition/countries.py`."""
