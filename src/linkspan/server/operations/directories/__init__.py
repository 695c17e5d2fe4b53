"""Files that institutions are imported from, read entry by entry and never whole."""
