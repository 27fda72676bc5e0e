-- The access trail, a database of its own. Rows are only ever added, each tied to the one before by its hash.

CREATE TABLE entry (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 1),
    content TEXT NOT NULL CHECK (json_valid(content)),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64) -- of the hash of the row before, the number and the content, a line each
) STRICT;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'a row of the trail is never changed'); END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'a row of the trail is never deleted'); END;
