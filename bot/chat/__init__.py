"""What the bot says and hears: handlers, drafts, keyboards, texts."""
