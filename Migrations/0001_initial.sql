-- The first schema. Released migrations are never edited: the next change is the next file.
-- Ids are UUIDv7 text, so their order is the order of creation. Times are ISO 8601 UTC with milliseconds, so text order is time order.
-- Columns marked JSON hold one encoded value of the domain and are never searched.

CREATE TABLE study (
    id TEXT NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
    contents TEXT NOT NULL, -- JSON
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX study_by_sha256 ON study (sha256);

CREATE TABLE mask (
    id TEXT NOT NULL PRIMARY KEY,
    study_id TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
    label_values TEXT NOT NULL, -- JSON
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX mask_by_study ON mask (study_id);
CREATE INDEX mask_by_sha256 ON mask (sha256);

CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    study_id TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    mask_id TEXT REFERENCES mask (id) ON DELETE CASCADE,
    request TEXT NOT NULL, -- JSON
    request_digest TEXT NOT NULL, -- what an idempotency key stands for
    idempotency_key TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    progress TEXT NOT NULL, -- JSON
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    fault TEXT, -- JSON
    cancel_requested INTEGER NOT NULL DEFAULT 0 CHECK (cancel_requested IN (0, 1)),
    not_before TEXT, -- a queued job is not claimed earlier
    fence INTEGER NOT NULL DEFAULT 0, -- rises with each claim; only the holder of the newest may write
    leased_to TEXT,
    lease_expires_at TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    CHECK ((state = 'running') = (lease_expires_at IS NOT NULL)),
    CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX job_by_state ON job (state, id);
CREATE INDEX job_by_study ON job (study_id);
CREATE INDEX job_by_mask ON job (mask_id) WHERE mask_id IS NOT NULL;

CREATE TABLE artifact (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
    PRIMARY KEY (job_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX artifact_by_sha256 ON artifact (sha256);
