-- What was deleted and the access trail does not tell yet: written in the transaction that deletes, taken out when the trail has it.

CREATE TABLE erasure (
    number INTEGER NOT NULL PRIMARY KEY,
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
