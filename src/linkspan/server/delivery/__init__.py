"""Turns an event into signed webhook requests, and their answers into what to do next."""
