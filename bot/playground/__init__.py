"""A strict Bot API server on loopback and a chat page for it."""
