"""The Telegram service around stylecore."""
