"""The one way out of the server: it looks at where a request goes, and dials what it looked at."""
