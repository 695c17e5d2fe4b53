"""The rules of account linking, with no I/O, clock or randomness."""
