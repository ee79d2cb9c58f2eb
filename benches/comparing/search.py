"""A search with its count, for what few have and for what a third of all have."""

from .desk import SHARE
from .table import run


def measure(desk, table, _options):
    # What was set for a million, and for ten.
    rare, common = (12, 40) if desk.users <= 1_000_000 else (80, 400)
    part = desk.email.split("@")[0]
    for name, term, most in (("a rare term", part, rare), ("a term in a third", SHARE, common)):
        table.within(f"`users list --search`, {name}", lambda: run(desk.command("users", "list", "--search", term), desk.environment), most)
