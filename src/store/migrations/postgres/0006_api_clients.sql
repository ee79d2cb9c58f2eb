-- What users of the service let programs act with. Of a token only its digest is kept.

CREATE TABLE api_clients (
    id           TEXT COLLATE "C" PRIMARY KEY,
    -- As it was typed.
    name         TEXT COLLATE "C" NOT NULL,
    -- As names are compared: in any letter case.
    name_key     TEXT COLLATE "C" NOT NULL,
    sort_key     BYTEA NOT NULL,
    -- The first day in London on which it may do nothing more: 2026-06-30.
    expires_on   TEXT COLLATE "C" NOT NULL,
    created_by   TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    -- The SHA-256 of the token.
    token_digest BYTEA NOT NULL CHECK (octet_length(token_digest) = 32),
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revision     BIGINT NOT NULL,
    -- A revoked client stays in the lists, for good.
    revoked_at   BIGINT,
    revoked_by   TEXT COLLATE "C",
    -- A deleted one stays for the record, hidden everywhere, with its name free again.
    deleted_at   BIGINT,
    deleted_by   TEXT COLLATE "C",
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
);

CREATE UNIQUE INDEX api_clients_token ON api_clients (token_digest);
CREATE UNIQUE INDEX api_clients_live_name ON api_clients (created_by, name_key) WHERE deleted_at IS NULL;
CREATE INDEX api_clients_live_order ON api_clients (sort_key, id) WHERE deleted_at IS NULL;

-- The row by which writers take turns: locked for a whole transaction. Whoever may lock it may change it, and
-- there is nothing to change.
CREATE TABLE turns (
    turn INTEGER PRIMARY KEY CHECK (turn = 1)
);
INSERT INTO turns (turn) VALUES (1);
