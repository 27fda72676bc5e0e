-- Whether what is kept names patients. One row at most: the folder was begun in the pseudonymised mode, under the key of this
-- fingerprint. Without a row everything is kept as it came.

CREATE TABLE pseudonymisation (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number = 1),
    key_fingerprint TEXT NOT NULL CHECK (length(key_fingerprint) = 64)
) STRICT;
