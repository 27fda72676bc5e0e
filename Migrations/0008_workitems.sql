-- The worklist: unified procedure steps (PS3.4 annex CC). Attributes are in the DICOM JSON model, as those of instances are.

CREATE TABLE workitem (
    uid TEXT NOT NULL PRIMARY KEY,
    owner TEXT,
    state TEXT NOT NULL DEFAULT 'SCHEDULED' CHECK (state IN ('SCHEDULED', 'IN PROGRESS', 'COMPLETED', 'CANCELED')),
    transaction_uid TEXT, -- of whoever claimed it
    attributes TEXT NOT NULL CHECK (json_valid(attributes)), -- as created and updated, without state and UID
    study_uid TEXT, -- the input
    series_uid TEXT, -- NULL: any of the study
    request TEXT, -- JSON: the analysis that the service starts by itself once the input is there; NULL: work for others
    job_id TEXT UNIQUE REFERENCES job (id) ON DELETE CASCADE, -- that analysis; the state is then the job's
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (state <> 'SCHEDULED' OR transaction_uid IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX workitem_by_input ON workitem (study_uid);

-- What a workitem is to be done with has gone, and it holds the patient's name.
CREATE TRIGGER workitem_goes_with_its_study AFTER DELETE ON dicom_study
BEGIN
    DELETE FROM workitem WHERE study_uid = OLD.study_uid;
END;

CREATE VIEW worklist AS
SELECT uid, owner, transaction_uid, study_uid, job_id, created_at, state,
    json_patch(attributes, json_object(
        '00080016', json('{"vr":"UI","Value":["1.2.840.10008.5.1.4.34.6.1"]}'),
        '00080018', json_object('vr', 'UI', 'Value', json_array(uid)),
        '00404010', json_object('vr', 'DT', 'Value', json_array(strftime('%Y%m%d%H%M%S', updated_at) || '+0000')),
        '00741000', json_object('vr', 'CS', 'Value', json_array(state)))) AS content
FROM (
    SELECT w.uid, w.owner, w.transaction_uid, w.study_uid, w.job_id, w.created_at, w.attributes,
        max(w.updated_at, coalesce(j.finished_at, j.started_at, '')) AS updated_at,
        CASE WHEN j.state IS NULL THEN w.state WHEN j.state = 'done' THEN 'COMPLETED'
            WHEN j.state IN ('failed', 'cancelled') THEN 'CANCELED' ELSE 'IN PROGRESS' END AS state
    FROM workitem w LEFT JOIN job j ON j.id = w.job_id
);
