"""Emails over one connection to a server that only accepts, each marked in a commit of its own."""

import statistics

from .bulk import load


def measure(desk, table, _options):
    emails = load("emails")
    speeds = [emails.run(desk.binary, emails.PythonSink, 5000, None)[0] for _ in range(3)]
    plain = statistics.median(emails.plain(emails.PythonSink, 5000) for _ in range(3))
    table.speed("emails sent, each marked durably", statistics.median(speeds), 2000, f"a client that marks nothing {plain:,.0f}")
