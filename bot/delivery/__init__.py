"""The way out: what is owed to a chat, and the pace it is sent at."""
