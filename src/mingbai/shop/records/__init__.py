"""Rows in a database (SQLite or PostgreSQL), every one of them under a shop. `home.Records` is the way in."""
