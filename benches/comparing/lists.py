"""Starting, and every page of a list with its total, beside the first page that sqlite3 shows without one."""

from .table import run

PAGE = "SELECT first_name, last_name, email, active, api_user FROM users WHERE deleted_at IS NULL ORDER BY sort_key, email, id LIMIT 25"
MEMBERS = """SELECT accounts.first_name, accounts.last_name, accounts.email FROM (SELECT user_id FROM memberships
    WHERE organisation_id = (SELECT id FROM organisations WHERE code = 'LARGEST') AND ended_at IS NULL
    ORDER BY sort_key, email, user_id LIMIT 25) AS page JOIN organisation_users AS accounts ON accounts.id = page.user_id"""
POINT = "SELECT * FROM users WHERE email = '{}' AND deleted_at IS NULL"
MEMORY = 20


def measure(desk, table, _options):
    ours = lambda *words: lambda: run(desk.command(*words), desk.environment)
    other = lambda sql: lambda: run(["sqlite3", desk.database, sql])
    table.pair("`--version`", ours("--version"), lambda: run(["sqlite3", "--version"]), 0.9)
    pages = (desk.total + 24) // 25
    for name, page in (("first", 1), ("middle", pages // 2), ("last", pages)):
        table.pair(f"`users list`, {name} page", ours("users", "list", "--page", str(page)), other(PAGE), 1.4)
    last = max((desk.inactive + 24) // 25, 1)
    for name, page in (("first", 1), ("last", last)):
        listed = ours("users", "list", "--status", "inactive", "--page", str(page))
        table.pair(f"`users list --status inactive`, {name} page", listed, other(PAGE), 1.4)
    pages = max((desk.members + 24) // 25, 1)
    for name, page in (("first", 1), ("middle", pages // 2 or 1), ("last", pages)):
        listed = ours("org", "users", desk.organisation, "--page", str(page))
        table.pair(f"`org users` of {desk.members:,}, {name} page", listed, other(MEMBERS), 1.5)
    table.pair("`users show EMAIL`", ours("users", "show", desk.email), other(POINT.format(desk.email)), 0.9)
    prefix = desk.email.split("@")[0]
    asked = ours("__complete", "bash", "3", "--", "frontdesk", "users", "show", prefix)
    table.pair("completion of an address", asked, other(POINT.format(desk.email)), 0.9)
    for name, words in (("any list", ["users", "list", "--page", str(pages)]), ("`users show`", ["users", "show", desk.email])):
        table.memory(name, desk.command(*words), desk.environment, MEMORY)
