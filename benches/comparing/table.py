"""Two commands that take turns, and the table of what came of them."""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import time


# A process that Python starts has Python's own memory counted for its own at first; one that this starts has not.
TIME = shutil.which("time")


def run(command, environment=None, cwd=None):
    """Seconds."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=cwd)
    told = process.stderr.read()
    process.wait()
    took = time.perf_counter() - begun
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}: {told.decode()[-500:]}")
    return took


def most_memory(command, environment):
    """MiB, by GNU time; nothing where that is not installed."""
    if TIME is None:
        return None
    done = subprocess.run([TIME, "-f", "%M", *command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return int(done.stderr.split()[-1]) / 1024


class Table:
    def __init__(self, users, rounds):
        self.users, self.rounds, self.rows = users, rounds, []

    def pair(self, what, ours, other, goal, name="sqlite3", rounds=None):
        """Measures two functions that give seconds, each in turn; the goal is the most that ours may take of the
        other’s time."""
        ours(), other()
        seen = [(ours(), other()) for _ in range(rounds or self.rounds)]
        mine = statistics.median(first for first, _ in seen)
        theirs = statistics.median(second for _, second in seen)
        ratio = statistics.median(first / second for first, second in seen)
        self.add(what, mine, f"{name} {shown(theirs)}", f"{ratio:.3g}", f"≤ {goal:.3g}", ratio <= goal)

    def within(self, what, ours, milliseconds, rounds=None):
        """Measures one function against a time."""
        ours()
        mine = statistics.median(ours() for _ in range(rounds or self.rounds))
        self.add(what, mine, "", "", f"≤ {milliseconds} ms", mine * 1000 <= milliseconds)

    def memory(self, what, command, environment, goal):
        """Measures the most memory, in MiB."""
        most = most_memory(command, environment)
        if most is None:
            print(f"{what}: memory is left out: GNU time is not installed", file=sys.stderr)
        else:
            self.rows.append((f"memory: {what}", f"{most:.0f} MiB", "", "", f"≤ {goal} MiB", most <= goal))

    def speed(self, what, a_second, goal, beside=""):
        self.rows.append((what, f"{a_second:,.0f} a second", beside, "", f"≥ {goal:,}", a_second >= goal))

    def add(self, what, mine, other, ratio, goal, is_met):
        self.rows.append((what, shown(mine), other, ratio, goal, is_met))
        print(f"{what}: {shown(mine)} {other} {ratio} {goal}", file=sys.stderr, flush=True)

    def print(self):
        shell = subprocess.run(["sqlite3", "--version"], capture_output=True, text=True).stdout.split()[0]
        print(f"{self.users:,} users; medians of {self.rounds} turns; {os.cpu_count()} cores, {platform.system()} {platform.machine()}, ", end="")
        print(f"sqlite3 {shell}\n\n| what | frontdesk | the other | ratio | goal | met |\n|---|---|---|---|---|---|")
        for what, mine, other, ratio, goal, is_met in self.rows:
            print(f"| {what} | {mine} | {other} | {ratio} | {goal} | {'yes' if is_met else 'no'} |")


def shown(seconds):
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
