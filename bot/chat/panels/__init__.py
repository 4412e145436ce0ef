"""What a person sets and sees of themselves: settings, privacy, and being forgotten."""
