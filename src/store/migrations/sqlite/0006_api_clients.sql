-- What users of the service let programs act with. Of a token only its digest is kept.

CREATE TABLE api_clients (
    id           TEXT PRIMARY KEY,
    -- As it was typed.
    name         TEXT NOT NULL,
    -- As names are compared: in any letter case.
    name_key     TEXT NOT NULL,
    sort_key     BLOB NOT NULL CHECK (typeof(sort_key) = 'blob'),
    -- The first day in London on which it may do nothing more: 2026-06-30.
    expires_on   TEXT NOT NULL,
    created_by   TEXT NOT NULL REFERENCES users (id),
    -- The SHA-256 of the token.
    token_digest BLOB NOT NULL CHECK (typeof(token_digest) = 'blob' AND length(token_digest) = 32),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revision     INTEGER NOT NULL,
    -- A revoked client stays in the lists, for good.
    revoked_at   INTEGER,
    revoked_by   TEXT,
    -- A deleted one stays for the record, hidden everywhere, with its name free again.
    deleted_at   INTEGER,
    deleted_by   TEXT,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX api_clients_token ON api_clients (token_digest);
CREATE UNIQUE INDEX api_clients_live_name ON api_clients (created_by, name_key) WHERE deleted_at IS NULL;
CREATE INDEX api_clients_live_order ON api_clients (sort_key, id) WHERE deleted_at IS NULL;
