-- A person's first waiting job gets the turn that is on, the next one the turn after;
-- jobs are begun by turn, and within a turn in the order in which they came.
ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_in_line ON jobs (turn) WHERE state = 'queued';
CREATE INDEX jobs_under_way ON jobs (turn) WHERE state = 'running';
