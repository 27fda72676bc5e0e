-- DICOM objects as a PACS sends them, one by one or a study at once, and what became of their series.
-- Columns named attributes and metadata hold the DICOM JSON model (PS3.18 F.2) and are searched with SQLite's JSON functions.

CREATE TABLE dicom_study (
    study_uid TEXT NOT NULL PRIMARY KEY,
    attributes TEXT NOT NULL CHECK (json_valid(attributes)), -- of the patient and the study
    received_at TEXT NOT NULL -- the first of its instances
) STRICT, WITHOUT ROWID;

CREATE TABLE dicom_series (
    study_uid TEXT NOT NULL REFERENCES dicom_study (study_uid) ON DELETE CASCADE,
    series_uid TEXT NOT NULL,
    attributes TEXT NOT NULL CHECK (json_valid(attributes)),
    complete_at TEXT, -- it is taken as complete then, unless more comes before; NULL: it was, or nothing is done with it
    PRIMARY KEY (study_uid, series_uid)
) STRICT, WITHOUT ROWID;

CREATE INDEX dicom_series_by_completion ON dicom_series (complete_at) WHERE complete_at IS NOT NULL;

CREATE TABLE dicom_instance (
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    sop_uid TEXT NOT NULL,
    sop_class_uid TEXT NOT NULL,
    transfer_syntax_uid TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
    content TEXT NOT NULL CHECK (length(content) = 64), -- SHA-256 of the data set without the file meta information
    metadata TEXT NOT NULL CHECK (json_valid(metadata)),
    received_at TEXT NOT NULL,
    PRIMARY KEY (study_uid, series_uid, sop_uid),
    FOREIGN KEY (study_uid, series_uid) REFERENCES dicom_series (study_uid, series_uid) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX dicom_instance_by_sha256 ON dicom_instance (sha256);

-- The files of a study whose bytes are instances: what a series was when it was complete.
CREATE TABLE study_instance (
    study_id TEXT NOT NULL REFERENCES study (id) ON DELETE CASCADE,
    sop_uid TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    PRIMARY KEY (study_id, sop_uid)
) STRICT, WITHOUT ROWID;

CREATE INDEX study_instance_by_sha256 ON study_instance (sha256);

-- Each state in which a series was complete, so that the same one never starts anything twice.
CREATE TABLE completion (
    study_uid TEXT NOT NULL,
    series_uid TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64), -- of its SOP Instance UIDs and their contents
    rule TEXT, -- the rule that fitted
    study_id TEXT REFERENCES study (id) ON DELETE SET NULL,
    job_id TEXT REFERENCES job (id) ON DELETE SET NULL,
    fault TEXT, -- JSON: why nothing was started
    completed_at TEXT NOT NULL,
    PRIMARY KEY (study_uid, series_uid, digest),
    FOREIGN KEY (study_uid, series_uid) REFERENCES dicom_series (study_uid, series_uid) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX completion_by_study ON completion (study_id) WHERE study_id IS NOT NULL;
CREATE INDEX completion_by_job ON completion (job_id) WHERE job_id IS NOT NULL;
