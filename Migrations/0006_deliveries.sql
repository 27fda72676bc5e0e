-- What goes back to the PACS: a row for the DICOM results of each job that a pushed series started, written with the job's end.

CREATE TABLE delivery (
    id TEXT NOT NULL PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE REFERENCES job (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'abandoned')),
    destination TEXT, -- URL that it was last sent to
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    fault TEXT, -- JSON: why the last attempt failed
    next_attempt_at TEXT,
    created_at TEXT NOT NULL,
    delivered_at TEXT,
    CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
    CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_next_attempt ON delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TRIGGER delivery_is_never_repeated BEFORE UPDATE ON delivery WHEN OLD.state = 'delivered'
BEGIN SELECT raise(ABORT, 'a delivery that was acknowledged is never made again'); END;
