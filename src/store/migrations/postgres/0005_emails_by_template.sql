-- Emails and activity as a long import wants them: what all emails of an import say alike is kept once,
-- and both tables are in the order of their ids, which begin with the time (UUIDv7), so that no index
-- repeats it.

-- What emails that were composed alike have in common, as it was when they were queued. The id is a
-- digest of the rest, so that nobody has to look for the template that is there already.
CREATE TABLE email_templates (
    id           TEXT COLLATE "C" PRIMARY KEY,
    from_name    TEXT COLLATE "C" NOT NULL,
    from_address TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    -- With the places {first_name} and {address}; any other brace is doubled.
    text         TEXT COLLATE "C" NOT NULL
);

-- An email from before is the only one of its template, under its own id.
INSERT INTO email_templates (id, from_name, from_address, subject, text)
SELECT id, from_name, from_address, subject, replace(replace(text, '{', '{{'), '}', '}}') FROM emails;

CREATE TABLE emails_by_template (
    id                   TEXT COLLATE "C" PRIMARY KEY,
    notice               TEXT COLLATE "C" NOT NULL,
    user_id              TEXT COLLATE "C" REFERENCES users (id),
    organisation_user_id TEXT COLLATE "C" REFERENCES organisation_users (id),
    organisation_id      TEXT COLLATE "C" REFERENCES organisations (id),
    template_id          TEXT COLLATE "C" NOT NULL REFERENCES email_templates (id),
    to_name              TEXT COLLATE "C" NOT NULL,
    to_first_name        TEXT COLLATE "C" NOT NULL,
    to_address           TEXT COLLATE "C" NOT NULL,
    status               TEXT COLLATE "C" NOT NULL CHECK (status = 'queued' OR status = 'sent' OR status = 'refused' OR status = 'cancelled'),
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

INSERT INTO emails_by_template (id, notice, user_id, organisation_user_id, organisation_id, template_id, to_name, to_first_name,
    to_address, status, attempts, next_attempt_at, last_error, created_at, sent_at, claimed_until, claimed_by)
SELECT id, notice, user_id, organisation_user_id, organisation_id, id, to_name, '',
    to_address, status, attempts, next_attempt_at, last_error, created_at, sent_at, claimed_until, claimed_by
FROM emails;

DROP TABLE emails;
ALTER TABLE emails_by_template RENAME TO emails;

-- For the order of the emails to one address, and for those that events overtake.
CREATE INDEX emails_waiting ON emails (to_address, id) WHERE status IN ('queued', 'cancelled');
-- For the list of the emails with one status, and for those whose time has come.
CREATE INDEX emails_status ON emails (status, id, next_attempt_at);

CREATE TABLE activity_by_id (
    id                         TEXT COLLATE "C" PRIMARY KEY,
    at                         BIGINT NOT NULL,
    actor_label                TEXT COLLATE "C" NOT NULL,
    actor_email                TEXT COLLATE "C",
    actor_user_id              TEXT COLLATE "C" REFERENCES users (id),
    actor_organisation_user_id TEXT COLLATE "C" REFERENCES organisation_users (id),
    action                     TEXT COLLATE "C" NOT NULL,
    subject_kind               TEXT COLLATE "C" NOT NULL,
    subject_id                 TEXT COLLATE "C" NOT NULL,
    subject_label              TEXT COLLATE "C" NOT NULL,
    organisation_id            TEXT COLLATE "C" REFERENCES organisations (id),
    organisation_code          TEXT COLLATE "C",
    organisation_name          TEXT COLLATE "C",
    -- [{"field", "before", "after"}] as JSON; what is null may be left out.
    changes                    TEXT COLLATE "C" NOT NULL
);

INSERT INTO activity_by_id (id, at, actor_label, actor_email, actor_user_id, actor_organisation_user_id, action, subject_kind, subject_id,
    subject_label, organisation_id, organisation_code, organisation_name, changes)
SELECT id, at, actor_label, actor_email, actor_user_id, actor_organisation_user_id, action, subject_kind, subject_id,
    subject_label, organisation_id, organisation_code, organisation_name, changes
FROM activity;

DROP TABLE activity;
ALTER TABLE activity_by_id RENAME TO activity;

CREATE INDEX activity_subject ON activity (subject_id, id);
CREATE INDEX activity_organisation ON activity (organisation_id, id) WHERE organisation_id IS NOT NULL;
-- For the guard that counts one person’s deletions of the last three minutes.
CREATE INDEX activity_deletions ON activity (at) WHERE action = 'user_deleted';
