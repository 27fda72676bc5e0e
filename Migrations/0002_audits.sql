-- Agreement audits: computed once from one table of numbers, then kept as they are.

CREATE TABLE audit (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    parent_id TEXT REFERENCES audit (id), -- the audit that this one repeats on new data
    settings TEXT NOT NULL, -- JSON: everything that was asked for, but the numbers
    summary TEXT NOT NULL, -- JSON: the figures that a list shows
    software_version TEXT NOT NULL,
    input_sha256 TEXT NOT NULL CHECK (length(input_sha256) = 64),
    input_byte_count INTEGER NOT NULL CHECK (input_byte_count >= 0),
    input_media_type TEXT NOT NULL,
    report_sha256 TEXT NOT NULL CHECK (length(report_sha256) = 64),
    report_byte_count INTEGER NOT NULL CHECK (report_byte_count >= 0),
    plot_sha256 TEXT NOT NULL CHECK (length(plot_sha256) = 64),
    plot_byte_count INTEGER NOT NULL CHECK (plot_byte_count >= 0),
    request_digest TEXT NOT NULL, -- what an idempotency key stands for
    idempotency_key TEXT UNIQUE,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX audit_by_kind ON audit (kind, id);
CREATE INDEX audit_by_parent ON audit (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX audit_by_input ON audit (input_sha256);
CREATE INDEX audit_by_report ON audit (report_sha256);
CREATE INDEX audit_by_plot ON audit (plot_sha256);

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'an audit is never changed'); END;

CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'an audit is never deleted'); END;
