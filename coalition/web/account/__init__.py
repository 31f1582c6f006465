"""Pages for one audience; see the pages module."""
