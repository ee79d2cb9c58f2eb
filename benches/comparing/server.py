"""The same lists in PostgreSQL, beside psql; and an import beside `\\copy` of the users alone."""

import os
import random
import subprocess

from .bulk import load
from .desk import Desk
from .lists import PAGE
from .table import run


def measure(desk, table, options):
    if not options.server:
        return
    importing = load("import")
    server = importing.Server(options.server)
    environment = {**desk.environment, "FRONTDESK_DATABASE": server.of_schema}
    psql = lambda sql: lambda: run([importing.PSQL, "--no-psqlrc", "--quiet", "-c", sql, server.of_schema], os.environ)
    ours = lambda *words: lambda: run(desk.command(*words), environment)
    server.drop()
    try:
        server.make(desk.command("--database", server.of_schema), environment)
        move = desk.command("--database", desk.database, "move", server.of_schema, "--yes", "--quiet")
        subprocess.run(move, env=environment, check=True, stdout=subprocess.DEVNULL)
        server.run("VACUUM ANALYZE")
        pages = (desk.total + 24) // 25
        for name, page in (("first", 1), ("middle", pages // 2), ("last", pages)):
            table.pair(f"PostgreSQL: `users list`, {name} page", ours("users", "list", "--page", str(page)), psql(PAGE), 0.7, name="psql")
        shown = psql(f"SELECT * FROM users WHERE email = '{desk.email}' AND deleted_at IS NULL")
        table.pair("PostgreSQL: `users show EMAIL`", ours("users", "show", desk.email), shown, 0.7, name="psql")
    finally:
        server.drop()
    rows = min(desk.users, 100_000)
    people = os.path.join(desk.scratch, "server.csv")
    Desk.write_people(people, rows, "person", random.Random(22))
    seen = []

    def imported():
        (seconds, _memory), (users, _), _everything = importing.import_into_server(server, desk.binary, people, desk.scratch, True)
        seen.append(users)
        return seconds

    table.pair(f"PostgreSQL: `users import` of {rows:,}", imported, lambda: seen[-1], 2.0, name="\\copy", rounds=3)
