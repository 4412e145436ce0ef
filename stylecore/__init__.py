"""Style transfer by optimising the picture itself (Gatys, Ecker & Bethge 2016)."""
