"""What the buttons do, a module for each thing they stand below."""
