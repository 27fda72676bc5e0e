-- Webhooks: what is told to other programs, a row for each event and address, written in the transaction that made the event.

-- Addresses that are told of everything from now on; the running server's.
CREATE TABLE webhook (url TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    number INTEGER NOT NULL PRIMARY KEY,
    event TEXT NOT NULL, -- the same for every address
    kind TEXT NOT NULL CHECK (kind IN ('job', 'delivery')),
    subject_id TEXT NOT NULL, -- may be deleted meanwhile: that it ended is told all the same
    outcome TEXT NOT NULL, -- the state in which it ended
    owner TEXT,
    url TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'abandoned')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    fault TEXT, -- JSON: why the last attempt failed
    next_attempt_at TEXT,
    created_at TEXT NOT NULL,
    delivered_at TEXT,
    UNIQUE (event, url),
    CHECK ((state = 'waiting') = (next_attempt_at IS NOT NULL)),
    CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
) STRICT;

CREATE INDEX notice_by_next_attempt ON notice (url, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TRIGGER job_end_is_told AFTER UPDATE OF state ON job
WHEN NEW.state IN ('done', 'failed', 'cancelled') AND OLD.state NOT IN ('done', 'failed', 'cancelled')
BEGIN
    INSERT INTO notice (event, kind, subject_id, outcome, owner, url, next_attempt_at, created_at)
    SELECT NEW.id || '-' || NEW.state, 'job', NEW.id, NEW.state, (SELECT owner FROM study WHERE id = NEW.study_id), url,
        NEW.finished_at, NEW.finished_at
    FROM webhook;
END;

CREATE TRIGGER delivery_end_is_told AFTER UPDATE OF state ON delivery WHEN OLD.state = 'waiting' AND NEW.state <> 'waiting'
BEGIN
    INSERT INTO notice (event, kind, subject_id, outcome, owner, url, next_attempt_at, created_at)
    SELECT NEW.id || '-' || NEW.state, 'delivery', NEW.id, NEW.state,
        (SELECT s.owner FROM job j JOIN study s ON s.id = j.study_id WHERE j.id = NEW.job_id), url,
        coalesce(NEW.delivered_at, OLD.next_attempt_at), coalesce(NEW.delivered_at, OLD.next_attempt_at)
    FROM webhook;
END;
