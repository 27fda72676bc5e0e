-- What was seen after a vertebra was treated, beside what had been predicted: versions are added, never changed.
-- There is no reference to the job: an outcome outlives its study, and holds all that an audit compares it with.

CREATE TABLE outcome (
    job_id TEXT NOT NULL,
    level TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    outcome TEXT NOT NULL, -- JSON: what was told
    prediction TEXT NOT NULL, -- JSON: what the report said, frozen with version 1
    reason TEXT, -- why it corrects the version before
    request_digest TEXT NOT NULL, -- what an idempotency key stands for
    idempotency_key TEXT UNIQUE,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (job_id, level, version),
    CHECK (version = 1 OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER outcome_is_never_changed BEFORE UPDATE ON outcome
BEGIN SELECT raise(ABORT, 'an outcome is never changed'); END;

CREATE TRIGGER outcome_versions_follow BEFORE INSERT ON outcome
WHEN NEW.version <> 1 + (
    SELECT coalesce(max(version), 0) FROM outcome WHERE job_id = NEW.job_id AND level = NEW.level)
BEGIN SELECT raise(ABORT, 'versions of an outcome follow one another'); END;
