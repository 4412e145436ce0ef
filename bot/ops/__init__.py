"""Logs that an operator can read and that keep secrets."""
