"""What operators can see of a running server, with nothing secret in it."""
