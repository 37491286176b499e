"""Mingbai 明白: an AI service for commerce, Chinese first, that a business can run, inspect and leave."""

__version__ = "0.1.0"
