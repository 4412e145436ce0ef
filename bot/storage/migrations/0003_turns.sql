-- A person's first waiting job gets the turn that is on, the next one the turn after;
-- jobs are begun by turn, and within a turn in the order in which they came.
ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_by_turn ON jobs (state, turn);
