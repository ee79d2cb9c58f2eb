-- Mail servers that do not work at the moment: no command waits for one again before its time.
-- A server that works has no row.

CREATE TABLE failing_mail_servers (
    -- The login, host and port.
    key             TEXT COLLATE "C" PRIMARY KEY,
    failures        BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    last_error      TEXT COLLATE "C" NOT NULL
);

-- For the order of the emails to one address.
CREATE INDEX emails_waiting ON emails (to_address, id) WHERE status IN ('queued', 'cancelled');

-- For the list of the emails with one status.
CREATE INDEX emails_status ON emails (status, created_at, id);
