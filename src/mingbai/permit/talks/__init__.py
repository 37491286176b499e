"""Conversations of the counter, kept sealed under their persons' keys."""
