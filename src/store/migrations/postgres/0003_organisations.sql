-- Organisations, the accounts of their users, and which account belongs to which organisation.

CREATE TABLE organisations (
    id         TEXT COLLATE "C" PRIMARY KEY,
    -- As it was typed.
    code       TEXT COLLATE "C" NOT NULL,
    -- As codes are compared: in lower case.
    code_key   TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    sort_key   BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    revision   BIGINT NOT NULL,
    -- A deleted organisation stays for the record, hidden everywhere, with its code free again.
    deleted_at BIGINT,
    deleted_by TEXT COLLATE "C",
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
);

CREATE UNIQUE INDEX organisations_live_code ON organisations (code_key) WHERE deleted_at IS NULL;
CREATE INDEX organisations_live_order ON organisations (sort_key, code_key, id) WHERE deleted_at IS NULL;
-- For the activity of an organisation that was deleted.
CREATE INDEX organisations_deleted_code ON organisations (code_key) WHERE deleted_at IS NOT NULL;

CREATE TABLE organisation_users (
    id                TEXT COLLATE "C" PRIMARY KEY,
    first_name        TEXT COLLATE "C" NOT NULL,
    last_name         TEXT COLLATE "C" NOT NULL,
    email             TEXT COLLATE "C" NOT NULL,
    sort_key          BYTEA NOT NULL,
    sign_in_id        TEXT COLLATE "C",
    last_signed_in_at BIGINT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    revision          BIGINT NOT NULL,
    -- An account ends when its address gets a new one.
    deleted_at        BIGINT,
    deleted_by        TEXT COLLATE "C",
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
);

CREATE UNIQUE INDEX organisation_users_live_email ON organisation_users (email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX organisation_users_live_sign_in_id ON organisation_users (sign_in_id)
    WHERE deleted_at IS NULL AND sign_in_id IS NOT NULL;
CREATE INDEX organisation_users_deleted_email ON organisation_users (email) WHERE deleted_at IS NOT NULL;

CREATE TABLE memberships (
    id              TEXT COLLATE "C" PRIMARY KEY,
    organisation_id TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    user_id         TEXT COLLATE "C" NOT NULL REFERENCES organisation_users (id),
    -- The user’s own key and address once more: a page of a large organisation is read off its index.
    sort_key        BYTEA NOT NULL,
    email           TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL,
    ended_at        BIGINT,
    ended_by        TEXT COLLATE "C",
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

CREATE UNIQUE INDEX memberships_live ON memberships (user_id, organisation_id) WHERE ended_at IS NULL;
CREATE INDEX memberships_live_order ON memberships (organisation_id, sort_key, email, user_id) WHERE ended_at IS NULL;

-- An email is about an account of either kind, and may be about one organisation.
CREATE TABLE emails_of_accounts (
    id                   TEXT COLLATE "C" PRIMARY KEY,
    notice               TEXT COLLATE "C" NOT NULL,
    user_id              TEXT COLLATE "C" REFERENCES users (id),
    organisation_user_id TEXT COLLATE "C" REFERENCES organisation_users (id),
    organisation_id      TEXT COLLATE "C" REFERENCES organisations (id),
    from_name            TEXT COLLATE "C" NOT NULL,
    from_address         TEXT COLLATE "C" NOT NULL,
    to_name              TEXT COLLATE "C" NOT NULL,
    to_address           TEXT COLLATE "C" NOT NULL,
    subject              TEXT COLLATE "C" NOT NULL,
    text                 TEXT COLLATE "C" NOT NULL,
    message_id           TEXT COLLATE "C" NOT NULL UNIQUE,
    status               TEXT COLLATE "C" NOT NULL CHECK (status IN ('queued', 'sent', 'refused', 'cancelled')),
    attempts             BIGINT NOT NULL,
    next_attempt_at      BIGINT,
    last_error           TEXT COLLATE "C",
    created_at           BIGINT NOT NULL,
    sent_at              BIGINT,
    -- Until when, and by which run, delivery is being tried: two never send the same email.
    claimed_until        BIGINT,
    claimed_by           TEXT COLLATE "C",
    CHECK ((user_id IS NULL) <> (organisation_user_id IS NULL))
);

INSERT INTO emails_of_accounts (id, notice, user_id, from_name, from_address, to_name, to_address, subject, text, message_id, status,
    attempts, next_attempt_at, last_error, created_at, sent_at, claimed_until, claimed_by)
SELECT id, notice, user_id, from_name, from_address, to_name, to_address, subject, text, message_id, status,
    attempts, next_attempt_at, last_error, created_at, sent_at, claimed_until, claimed_by
FROM emails;

DROP TABLE emails;
ALTER TABLE emails_of_accounts RENAME TO emails;

CREATE INDEX emails_order ON emails (created_at, id);
CREATE INDEX emails_user ON emails (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX emails_organisation_user ON emails (organisation_user_id) WHERE organisation_user_id IS NOT NULL;
CREATE INDEX emails_queued ON emails (next_attempt_at, id) WHERE status = 'queued';
CREATE INDEX emails_waiting ON emails (to_address, id) WHERE status IN ('queued', 'cancelled');
CREATE INDEX emails_status ON emails (status, created_at, id);

-- An entry is by an account of either kind, and may be about an organisation or something in one.
ALTER TABLE activity ADD COLUMN actor_organisation_user_id TEXT COLLATE "C" REFERENCES organisation_users (id);
ALTER TABLE activity ADD COLUMN organisation_id TEXT COLLATE "C" REFERENCES organisations (id);
ALTER TABLE activity ADD COLUMN organisation_code TEXT COLLATE "C";
ALTER TABLE activity ADD COLUMN organisation_name TEXT COLLATE "C";

CREATE INDEX activity_organisation ON activity (organisation_id, at, id) WHERE organisation_id IS NOT NULL;
