"""Django’s manage.py with an ordinary users table: it has no index of names."""

import itertools
import os
import subprocess
import venv

from .table import run

SETTINGS = """
SECRET_KEY = "bench"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "people"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "{database}"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
COMMAND = """
import csv
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.core.validators import validate_email


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("what")
        parser.add_argument("argument")

    def handle(self, what, argument, **options):
        if what == "page":
            begin = (int(argument) - 1) * 25
            people = User.objects.order_by("first_name", "last_name", "id")
            self.stdout.write(str(people.count()))
            for user in people[begin:begin + 25]:
                self.stdout.write(f"{user.first_name} {user.last_name} {user.email}")
        if what == "add":
            validate_email(argument)
            User.objects.create(username=argument, email=argument, first_name="Ann", last_name="Abel")
        if what == "import":
            with open(argument, encoding="utf-8") as file:
                rows = []
                for row in csv.DictReader(file):
                    validate_email(row["email"])
                    rows.append(User(username=row["email"], email=row["email"], first_name=row["first_name"], last_name=row["last_name"]))
            User.objects.bulk_create(rows, batch_size=5000)
"""


def measure(desk, table, options):
    if not options.django:
        return
    place = os.path.join(desk.directory, "django")
    python = os.path.join(place, "venv/bin/python")
    if not os.path.exists(python):
        venv.create(os.path.join(place, "venv"), with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "django==5.2.*"], check=True)
    site = os.path.join(desk.scratch, "site")
    os.makedirs(os.path.join(site, "people/management/commands"))
    for path, text in {
        "settings.py": SETTINGS.format(database=os.path.join(desk.scratch, "django.db")),
        "people/__init__.py": "",
        "people/management/__init__.py": "",
        "people/management/commands/__init__.py": "",
        "people/management/commands/people.py": COMMAND,
    }.items():
        with open(os.path.join(site, path), "w") as file:
            file.write(text)
    environment = {"PATH": os.environ["PATH"], "HOME": desk.scratch, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": site}
    manage = lambda *words: lambda: run([python, "-m", "django", *words], environment, cwd=site)
    manage("migrate", "--verbosity=0")()
    people = os.path.join(desk.scratch, "django.csv")
    export(desk, people)
    few = os.path.join(desk.scratch, "few.csv")
    with open(people, encoding="utf-8") as source, open(few, "w", encoding="utf-8") as target:
        target.writelines(line.replace("person", "few") for line in itertools.islice(source, 20_001))
    manage("people", "import", people)()
    ours = lambda *words: lambda: run(desk.command(*words), desk.environment)
    pages = (desk.total + 24) // 25
    # Quicker so many times than Django: a ratio of one by that.
    for name, page, times in (("first", 1, 100), ("last", pages, 1000)):
        other = manage("people", "page", str(page))
        table.pair(f"Django: {name} page", ours("users", "list", "--page", str(page)), other, 1 / times, name="manage.py", rounds=3)
    numbers = itertools.count()
    scratch = {**desk.environment, "FRONTDESK_DATABASE": os.path.join(desk.scratch, "added.db")}
    add = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--api-user=no", "--quiet"]
    mine = lambda: run(desk.command(*add, f"--email=more{next(numbers)}@education.gov.uk"), scratch)
    theirs = lambda: run([python, "-m", "django", "people", "add", f"more{next(numbers)}@education.gov.uk"], environment, cwd=site)
    table.pair("Django: add", mine, theirs, 1 / 40, name="manage.py", rounds=5)
    fresh = lambda: {**desk.environment, "FRONTDESK_DATABASE": os.path.join(desk.scratch, f"import{next(numbers)}.db")}
    imported = lambda: run(desk.command("users", "import", few, "--yes", "--quiet"), fresh())

    def again():
        run(["sqlite3", os.path.join(desk.scratch, "django.db"), "DELETE FROM auth_user WHERE email LIKE 'few%'"])
        return manage("people", "import", few)()

    table.pair("Django: import of 20,000", imported, again, 1 / 6, name="manage.py", rounds=3)


def export(desk, path):
    subprocess.run(desk.command("users", "export", "--output", path), env=desk.environment, check=True, stdout=subprocess.DEVNULL)


