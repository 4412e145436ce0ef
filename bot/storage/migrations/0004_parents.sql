-- The finished job of the same pair whose picture this one starts from, if it is kept.
ALTER TABLE jobs ADD COLUMN parent TEXT;
