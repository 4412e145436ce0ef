"""What `stylecore` does on the command line; `stylecore.cli` has the commands."""
