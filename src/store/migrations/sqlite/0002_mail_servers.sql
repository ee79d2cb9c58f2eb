-- Mail servers that do not work at the moment: no command waits for one again before its time.
-- A server that works has no row.

CREATE TABLE failing_mail_servers (
    -- The login, host and port.
    key             TEXT PRIMARY KEY,
    failures        INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    last_error      TEXT NOT NULL
) STRICT;

-- For the order of the emails to one address.
CREATE INDEX emails_waiting ON emails (to_address, id) WHERE status IN ('queued', 'cancelled');

-- For the list of the emails with one status.
CREATE INDEX emails_status ON emails (status, created_at, id);
