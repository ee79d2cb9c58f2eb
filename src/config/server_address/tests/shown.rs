//! What is shown of an address, which is never its password, whatever was typed.

use proptest::prelude::*;

use super::*;

#[test]
fn an_address_is_shown_without_its_password_and_means_the_same() {
    for (address, shown) in [
        ("postgresql://ann:secret@db/desk", "postgresql://ann@db/desk"),
        ("postgres://ann:secret@one:1,two/desk?sslmode=require", "postgresql://ann@one:1,two/desk?sslmode=require"),
        ("postgresql:///desk?user=ann&password=secret&host=db", "postgresql:///desk?user=ann&host=db"),
        ("postgresql://db/desk?pass%77ord=secret", "postgresql://db/desk"),
        ("postgresql://:secret@db", "postgresql://@db"),
        ("postgresql://db", "postgresql://db"),
        ("postgresql://ann:se/cret@db", "postgresql://…"),
        ("desk.db", "desk.db"),
    ] {
        assert_eq!(without_password(address), shown);
        if let Ok(found) = read(address) {
            assert_eq!(read(shown).unwrap(), ServerAddress { password: None, ..found }, "{address}");
        }
    }
}

/// Everything that could be shown of what came of an address.
fn everything_shown(address: &str, result: &Result<ServerAddress>) -> String {
    let told = match result {
        Ok(found) => format!("{found} {found:?}"),
        Err(error) => format!("{error} {error:?} {}", told(error)),
    };
    told + &without_password(address)
}

fn told(error: &Error) -> String {
    error.hint.clone().unwrap_or_default()
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in any::<String>(), scheme in "(postgres(ql)?://)?") {
        let _ = read(&format!("{scheme}{text}"));
        let _ = without_password(&format!("{scheme}{text}"));
    }

    #[test]
    fn a_password_is_not_shown_however_it_was_written(inside in "[ -~é]{0,12}", rest in "(/desk)?(\\?[a-z&=%,@/:]{0,12})?") {
        let address = format!("postgresql://ann:hunter2{inside}hunter2@db{rest}");
        let shown = everything_shown(&address, &read(&address));
        prop_assert!(!shown.contains("hunter2"), "{address}: {shown}");
    }

    #[test]
    fn a_password_that_is_written_as_it_must_be_arrives(password_given in "\\PC{1,20}") {
        let written: String = password_given.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for address in [format!("postgresql://ann:{written}@db/desk"), format!("postgresql://ann@db/desk?password={written}")] {
            let found = read(&address).unwrap();
            prop_assert_eq!(password(&found), Some(password_given.as_str()));
            prop_assert_eq!(&found.database, "desk");
        }
    }
}
