"""SQLite and picture files."""
