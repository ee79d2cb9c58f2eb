"""One durable change, beside sqlite3 storing the same rows in one transaction."""

import itertools
import os
import shutil
import sqlite3

from .table import run

# The rows of one `users add`, as that stores them.
ADD = """PRAGMA synchronous = FULL; BEGIN IMMEDIATE;
INSERT INTO users SELECT '{id}u', first_name, last_name, '{id}@example.com', api_user, active, sort_key, sign_in_id, last_signed_in_at, created_at, updated_at, revision, deleted_at, deleted_by, search_text FROM users WHERE email = '{email}';
INSERT INTO emails ({emails}) SELECT {emails_again} FROM emails LIMIT 1;
INSERT INTO activity ({activity}) SELECT {activity_again} FROM activity LIMIT 1;
COMMIT;"""


def columns(database, table, changed):
    names = [row[1] for row in sqlite3.connect(database).execute(f"PRAGMA table_info({table})")]
    return ", ".join(names), ", ".join(changed.get(name, name) for name in names)


def measure(desk, table, _options):
    copies = [os.path.join(desk.scratch, f"{name}.db") for name in ("ours", "other")]
    for copy in copies:
        shutil.copy(desk.database, copy)
    numbers = itertools.count()

    environment = {**desk.environment, "FRONTDESK_CONFIG": later(desk)}

    def add():
        words = ["users", "add", "--first-name=Ann", "--last-name=Abel", f"--email=added{next(numbers)}@education.gov.uk", "--api-user=no", "--quiet"]
        return desk.command("--database", copies[0], *words)

    def other():
        identity = f"x{next(numbers):09}"
        emails = columns(copies[1], "emails", {"id": f"'{identity}e'", "message_id": f"'{identity}@x'"})
        activity = columns(copies[1], "activity", {"id": f"'{identity}a'"})
        sql = ADD.format(
            id=identity, email=desk.email, emails=emails[0], emails_again=emails[1], activity=activity[0], activity_again=activity[1]
        )
        return run(["sqlite3", copies[1], sql])

    table.pair("`users add`, durable", lambda: run(add(), environment), other, 1.2)
    table.memory("`users add`", add(), environment, 20)


def later(desk):
    """Where the email stays queued: sqlite3 sends none."""
    path = os.path.join(desk.scratch, "later.toml")
    if not os.path.exists(path):
        with open(path, "w") as file:
            file.write('delivery = "later"\n')
    return path
