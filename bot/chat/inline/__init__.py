"""Passing on and looking back: inline mode, deep links, before and after, /history."""
