"""The catalogues of the languages that the bot speaks besides English."""
