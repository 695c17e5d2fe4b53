"""Test helpers below ``/_linkspan``, in development servers alone."""
