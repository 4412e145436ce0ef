"""Groups: who is spoken to, whose picture is which, and what becomes of the chat."""
