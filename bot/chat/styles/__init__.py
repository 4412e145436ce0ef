"""The gallery, the styles a person keeps, and those they used before."""
