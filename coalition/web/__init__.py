"""Doors for people with a browser, by audience. What a page shows is decided in the rooms."""
