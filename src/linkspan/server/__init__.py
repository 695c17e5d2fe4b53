"""Serves account linking over HTTP in Stripe's wire format."""
