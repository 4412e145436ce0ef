"""The way in: updates are stored before they are acknowledged."""
