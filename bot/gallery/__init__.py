"""Paintings drawn by the bot itself, to paint photos in the style of."""
