"""Published bank formats, read and written without touching a network."""
