"""A desk of any size, made by frontdesk itself out of files that are the same every time."""

import os
import random
import sqlite3
import subprocess
import sys

FIRST = ["Ann", "René", "Åsa", "Zoë", "Seán", "Mary-Jane", "Oscar", "Øystein", "Émile", "Li"]
LAST = ["Smith", "O’Brien", "D'Angelo", "Strauß", "Nuñez", "Ødegård", "Watson", "van der Berg", "Smith-Jones", "Ngô"]
# A third of all last names end so.
SHARE = "son"
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo", "za"]


def names(maker):
    first = maker.choice(FIRST) if maker.random() < 0.2 else "".join(maker.choices(SYLLABLES, k=2)).title()
    last = maker.choice(LAST) if maker.random() < 0.1 else "".join(maker.choices(SYLLABLES, k=3)).title()
    return first, last + (SHARE if maker.random() < 1 / 3 else "")


class Desk:
    def __init__(self, binary, directory, scratch, users):
        self.binary, self.directory, self.scratch, self.users = binary, directory, scratch, users
        self.environment = {"HOME": directory, "PATH": os.environ["PATH"], "FRONTDESK_DATABASE": self.database}
        if not os.path.exists(self.database):
            self.make()
        rows = sqlite3.connect(self.database)
        self.total = rows.execute("SELECT count(*) FROM users WHERE deleted_at IS NULL").fetchone()[0]
        self.inactive = rows.execute("SELECT count(*) FROM users WHERE deleted_at IS NULL AND active = 0").fetchone()[0]
        self.email = rows.execute("SELECT email FROM users WHERE deleted_at IS NULL LIMIT 1 OFFSET ?", (self.total // 2,)).fetchone()[0]
        self.organisation, self.members = "LARGEST", self.users // 10

    @property
    def database(self):
        return os.path.join(self.directory, f"desk-{self.users}.db")

    def command(self, *words):
        return [self.binary, *words]

    def make(self):
        print(f"Making a desk of {self.users:,} users", file=sys.stderr, flush=True)
        maker = random.Random(20)
        people, organisations, members = (os.path.join(self.scratch, name) for name in ("people.csv", "organisations.csv", "members.csv"))
        self.write_people(people, self.users, "person", maker)
        count = max(self.users // 200, 2)
        with open(organisations, "w", encoding="utf-8") as file:
            file.write("code,name\nLARGEST,The Largest\n")
            file.writelines(f"ORG{number},Academy {number}\n" for number in range(1, count))
        with open(members, "w", encoding="utf-8") as file:
            file.write("organisation_code,first_name,last_name,email\n")
            for number in range(self.users):
                code = "LARGEST" if number % 10 == 0 else f"ORG{int(count * maker.random() ** 3) % count or 1}"
                first, last = names(maker)
                file.write(f"{code},{first},{last},member{number}@example.com\n")
        for words in (["users", "import", people], ["org", "import", organisations], ["org", "import-users", members]):
            subprocess.run(self.command(*words, "--yes", "--quiet"), env=self.environment, check=True, stdout=subprocess.DEVNULL)

    @staticmethod
    def write_people(path, rows, prefix, maker):
        with open(path, "w", encoding="utf-8") as file:
            file.write("first_name,last_name,email,api_user,active\n")
            for number in range(rows):
                first, last = names(maker)
                draw = maker.random()
                api_user, active = ("yes" if draw < 0.02 else "no"), ("no" if draw > 0.87 else "yes")
                file.write(f"{first},{last},{prefix}{number}@education.gov.uk,{api_user},{active}\n")
