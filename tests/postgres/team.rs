//! The README’s section about a team, done from its first line to its last on a server that wants
//! encryption and passwords.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, Ran, ran};
use crate::page::{Block, blocks, page};
use crate::secured::Secured;
use crate::server::{PASSWORD, SUPERUSER, has_programs, programs};

/// Whoever reads the page has servers, certificates and a superuser of their own.
fn as_here(text: &str, secured: &Secured) -> String {
    let port = secured.server.port;
    text.replace("PGHOST=db.example.com", &format!("PGHOST=localhost PGPORT={port}"))
        .replace("@db.example.com/", &format!("@localhost:{port}/"))
        .replace("db.example.com:5432", &format!("localhost:{port}"))
        .replace("/etc/ssl/our-authority.pem", secured.authority().to_str().unwrap())
        .replace("--username=postgres", &format!("--username={SUPERUSER}"))
}

/// Runs a script, in which `frontdesk` and PostgreSQL's programs are on the path, and gives what it printed.
fn shell(desk: &Desk, script: &str, arguments: &[&str]) -> Ran {
    let binary = Path::new(env!("CARGO_BIN_EXE_frontdesk")).parent().unwrap();
    let path = format!("{}:{}:/usr/bin:/bin", binary.display(), programs().unwrap().display());
    let mut command: Command = desk.command_of(&["/bin/sh", "-euc", script, "sh"]);
    command.args(arguments).env("PATH", path).env_remove("FRONTDESK_DATABASE");
    desk.read(&command.output().unwrap())
}

/// Somebody's desk: their configuration and their passwords.
fn desk_of(name: &str, toml: &str, passwords: &str) -> Desk {
    let desk = Desk::new();
    desk.configure(&toml.replace("://ann@", &format!("://{name}@")));
    fs::write(desk.path(".pgpass"), passwords).unwrap();
    fs::set_permissions(desk.path(".pgpass"), fs::Permissions::from_mode(0o600)).unwrap();
    desk
}

fn run(desk: &Desk, arguments: &[&str]) -> Ran {
    let mut command = desk.command(arguments);
    // Each desk of the tests counts its ids from the same number, and these share a database.
    desk.read(&command.env_remove("FRONTDESK_DATABASE").env_remove("FRONTDESK_TEST_IDS").output().unwrap())
}

#[test]
fn a_team_of_three_works_as_the_readme_has_it_from_createdb_to_a_restored_backup() {
    if !has_programs() {
        return;
    }
    let secured = Secured::start();
    let found: Vec<Block> = blocks();
    let languages: Vec<&str> = found.iter().map(|block| block.language.as_str()).collect();
    assert_eq!(languages, ["sql", "sh", "sql", "toml", "", "sh"]);
    let texts: Vec<String> = found.iter().map(|block| as_here(&block.text, &secured)).collect();
    let [roles, begin, grants, toml, password, backup] = &texts[..] else { unreachable!("six were counted") };
    // The database of every such server has the page's name.
    secured.server.execute("DROP DATABASE desk");

    // A superuser and the owner on the machine from which they administer.
    let password_of = |role: &str| format!("*:*:*:{role}:{PASSWORD}\n");
    let administrator = desk_of("desk_owner", toml, &(password_of(SUPERUSER) + &password_of("desk_owner")));
    secured.server.execute(roles);
    for role in [SUPERUSER, "desk_owner", "ann", "bo", "cy"] {
        secured.server.execute(&format!("ALTER ROLE {role} PASSWORD '{PASSWORD}'"));
    }
    let begun = shell(&administrator, begin, &[]);
    assert_eq!(begun, ran(0, "", "Success: Database set up with schema 6\n"));
    let here = begin.lines().next().unwrap();
    let psql = format!("{here}\npsql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username=desk_owner --command=\"$1\" desk");
    assert_eq!(shell(&administrator, &psql, &[grants]), ran(0, "", ""));

    // The three of them.
    let line = |name: &str| password.replace(":ann:", &format!(":{name}:"));
    let [ann, bo, cy] = ["ann", "bo", "cy"].map(|name| desk_of(name, toml, &line(name)));
    let user = ["--last-name=Abel", "--api-user=no", "--format=ids", "--quiet"];
    for (desk, name) in [(&ann, "Ann"), (&bo, "Bo")] {
        let email = format!("--email={name}@education.gov.uk");
        let added = run(desk, &[&["users", "add", "--first-name", name, &email], &user[..]].concat());
        assert_eq!((added.code, added.err.as_str()), (0, ""), "{added:?}");
    }
    let listed = "Users (2)\n\nName      Email address            Status\n\
        Ann Abel  ann@education.gov.uk     Active\nBo Abel   bo@education.gov.uk      Active\n";
    for desk in [&ann, &bo, &cy] {
        let ran = run(desk, &["users", "list"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        assert_eq!(ran.out.split_whitespace().collect::<Vec<_>>(), listed.split_whitespace().collect::<Vec<_>>());
    }
    let refused = run(&cy, &["users", "delete", "bo@education.gov.uk", "--yes"]);
    assert!(refused.code == 7 && refused.err.contains("may look at the database"), "{refused:?}");

    // The backup, restored beside it, is sound.
    let restored = shell(&administrator, &format!("{here}\n{backup}"), &[]);
    assert!(restored.code == 0 && restored.err.is_empty(), "{restored:?}");
    assert!(restored.out.contains("OK: 2 users: none damaged\n"), "{restored:?}");
    // A desk in a file moves as the page says, into a database beside it.
    let moving = "frontdesk --database register.db move postgresql://desk_owner@/desk";
    assert!(page().contains(&format!("`{moving}`")));
    let createdb = begin.lines().find(|line| line.starts_with("createdb ")).unwrap();
    let add = "frontdesk --database register.db org add --code C1 --name Coast --quiet";
    let script =
        format!("{here}\n{createdb}_moved\n{add}\n{moving}_moved --yes\nfrontdesk --database postgresql://desk_owner@/desk_moved org list");
    let moved = shell(&administrator, &script, &[]);
    assert!(moved.code == 0 && moved.out.contains("Coast  C1    0\n"), "{moved:?}");

    let at_restored = desk_of("cy", &toml.replace("/desk?", "/desk_restored?"), &line("cy").replace(":desk:", ":*:"));
    assert_eq!(run(&at_restored, &["users", "list"]), run(&cy, &["users", "list"]));
}
