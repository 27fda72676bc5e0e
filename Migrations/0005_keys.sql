-- API keys, and to whom things belong.

CREATE TABLE service_key (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL, -- whom the things belong to that are made with it, and whose things it sees
    scopes TEXT NOT NULL CHECK (json_valid(scopes)), -- a JSON list
    requests_per_second INTEGER NOT NULL CHECK (requests_per_second >= 0), -- 0: any number
    requests_at_once INTEGER NOT NULL CHECK (requests_at_once >= 0), -- 0: any number
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;

-- While there is no row, everybody on this machine is let in: deleting the last would open the service.
CREATE TRIGGER service_key_is_never_deleted BEFORE DELETE ON service_key
BEGIN SELECT raise(ABORT, 'a key is revoked, never deleted'); END;

-- A key has one secret, or two while it is being rotated.
CREATE TABLE service_secret (
    id TEXT NOT NULL PRIMARY KEY, -- the public part of the secret's text
    key_name TEXT NOT NULL REFERENCES service_key (name),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64), -- of the whole text; the text itself is nowhere
    created_at TEXT NOT NULL,
    valid_until TEXT -- set when it is replaced
) STRICT, WITHOUT ROWID;

CREATE INDEX service_secret_by_key ON service_secret (key_name);

-- Masks and jobs belong to the owner of their study, outcomes to whom the study belonged when they were told. NULL: made
-- before there were keys; only admins see it then.
ALTER TABLE study ADD COLUMN owner TEXT;
ALTER TABLE dicom_study ADD COLUMN owner TEXT;
ALTER TABLE audit ADD COLUMN owner TEXT;
ALTER TABLE outcome ADD COLUMN owner TEXT;

CREATE INDEX study_by_owner ON study (owner, id);
CREATE INDEX audit_by_owner ON audit (owner, id);
