"""An import with everything that it writes, beside `.import` of the users alone; an export beside `-csv`."""

import importlib.util
import os
import random
import tempfile
from importlib.machinery import SourceFileLoader

from .desk import Desk
from .table import run

EXPORT = """SELECT first_name, last_name, email, CASE api_user WHEN 1 THEN 'yes' ELSE 'no' END, CASE active WHEN 1 THEN 'yes' ELSE 'no' END
    FROM users WHERE deleted_at IS NULL ORDER BY sort_key, email, id"""


def load(name):
    """Another benchmark of this directory, whose file has no ending."""
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), name)
    loader = SourceFileLoader(f"bench_{name}", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def measure(desk, table, _options):
    exported = lambda: run(desk.command("users", "export", "--output", os.path.join(desk.scratch, "export.csv")), desk.environment)
    shell = lambda: run(["sqlite3", "-csv", desk.database, f".once {os.path.join(desk.scratch, 'shell.csv')}", EXPORT])
    table.pair("`users export`", exported, shell, 0.6, rounds=3)
    table.memory("`users export`", desk.command("users", "export"), desk.environment, 30)

    importing = load("import")
    rows = min(desk.users, 1_000_000)
    people = os.path.join(desk.scratch, "import.csv")
    Desk.write_people(people, rows, "person", random.Random(21))
    homes, databases = [], []

    def ours():
        homes.append(tempfile.TemporaryDirectory(dir=desk.scratch))
        database, (seconds, _memory) = importing.import_users(desk.binary, homes[-1].name, people)
        databases[:] = [database]
        return seconds

    def other():
        seconds, _memory = importing.yardstick(databases[0], homes[-1].name)
        homes.pop().cleanup()
        return seconds

    table.pair(f"`users import` of {rows:,}, everything written", ours, other, 0.9, name=".import", rounds=3)
    fresh = {**desk.environment, "FRONTDESK_DATABASE": os.path.join(desk.scratch, "memory.db")}
    table.memory("`users import`", desk.command("users", "import", people, "--yes"), fresh, 200)
