//! The binary that people run has no way in for tests: nobody can forge a time, an id or an account
//! with an environment variable.

use std::process::Command;

use crate::desk::{Desk, NOW};
use crate::outside::leave_out;

#[test]
fn a_release_build_takes_no_time_id_or_account_from_the_environment() {
    let Some(binary) = std::env::var_os("FRONTDESK_RELEASE_BINARY") else {
        leave_out("a release binary in FRONTDESK_RELEASE_BINARY, as tests/run gives it");
        return;
    };
    let desk = Desk::new();
    let arguments =
        ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no", "--format=ids"];
    // With every variable that fixes the tests' own world.
    let fixed = desk.command(&arguments);
    let variables: Vec<_> = fixed.get_envs().filter_map(|(name, value)| Some((name, value?))).collect();
    for name in ["FRONTDESK_TEST_NOW", "FRONTDESK_TEST_IDS", "FRONTDESK_TEST_ACCOUNT"] {
        assert!(variables.iter().any(|(known, _)| *known == name), "{name} is not set");
    }
    let before = jiff::Timestamp::now().as_millisecond();
    let added = desk.read(&Command::new(binary).args(arguments).env_clear().envs(variables).output().unwrap());
    let after = jiff::Timestamp::now().as_millisecond();
    assert_eq!(added.code, 0, "{added:?}");

    let (id, created_at): (String, i64) =
        desk.open().query_row("SELECT id, created_at FROM users", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(added.out, format!("{id}\n"));
    assert!((before..=after).contains(&created_at), "created at {created_at}, between {before} and {after}");
    let forged = NOW.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    assert!(!id.starts_with(&format!("{:08x}", forged >> 16)), "{id}");
    let actor: String = desk.open().query_row("SELECT actor_label FROM activity", [], |row| row.get(0)).unwrap();
    assert!(actor.starts_with("os:") && !actor.contains("tester@desk"), "{actor}");
}
