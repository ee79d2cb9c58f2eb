//! The same change as one command without questions, spelt from the command line's own definition,
//! so that it cannot name a flag that is not there.

use clap::{Arg, Command};

use super::globals::GlobalArguments;
use super::whole;
use crate::config::NamedDatabase;

/// A command line for a shell: the service and database that were named, the words of the command,
/// whom or what it is about, and the flags of the answers by the names of their fields.
pub fn equivalent(globals: &GlobalArguments, words: &[&str], names: &[&str], answers: &[(&str, String)]) -> String {
    let root = whole();
    let mut line: Vec<String> = vec![root.get_name().to_owned()];
    // Without its password: what is printed may be kept.
    let database = globals.database.as_ref().map(NamedDatabase::shown);
    for (id, value) in [("service", globals.service.clone()), ("database", database), ("actor", globals.actor.clone())] {
        line.extend(value.and_then(|value| flag(&root, id, &value)));
    }
    line.extend(words.iter().map(|word| (*word).to_owned()));
    // What begins with a hyphen would be taken for a flag, except at the end behind two.
    let (before, after) = if names.iter().any(|name| name.starts_with('-')) { (&[][..], names) } else { (names, &[][..]) };
    line.extend(before.iter().map(|name| quoted(name)));
    let command = words.iter().try_fold(&root, |command, word| command.find_subcommand(word));
    line.extend(answers.iter().filter_map(|(id, value)| flag(command?, id, value)));
    line.extend(after.first().map(|_| "--".to_owned()));
    line.extend(after.iter().map(|name| quoted(name)));
    line.join(" ")
}

/// A flag with its value, or alone where it takes none.
fn flag(command: &Command, id: &str, value: &str) -> Option<String> {
    let long = command.get_arguments().find(|argument| argument.get_id() == id).and_then(Arg::get_long)?;
    let name = format!("--{long}");
    Some(if value.is_empty() { name } else { flag_with_value(&name, value) })
}

/// A flag and its value as a shell takes them: `--per-page 30`.
pub fn flag_with_value(name: &str, value: &str) -> String {
    // Without the equals sign it would be taken for another flag.
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{between}{}", quoted(value))
}

fn quoted(word: &str) -> String {
    // Only a NUL cannot be quoted, and no argument can hold one.
    shlex::try_quote(word).map_or_else(|_| String::new(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::equivalent;
    use crate::cli::{Cli, Command, UsersCommand};
    use crate::domain::problem::Field;

    fn globals(arguments: &[&str]) -> crate::cli::GlobalArguments {
        Cli::try_parse_from([&["frontdesk"], arguments].concat()).unwrap().globals
    }

    #[test]
    fn what_is_printed_means_the_same_when_it_is_read_back() {
        let answers = [
            ("first_name", "-Ann".to_owned()),
            ("last_name", "O'Brien $HOME".to_owned()),
            ("email", "ann@education.gov.uk".to_owned()),
            ("api_user", "no".to_owned()),
        ];
        let line = equivalent(&globals(&["--service", "register", "--as", "me@education.gov.uk"]), &["users", "add"], &[], &answers);
        assert_eq!(
            line,
            "frontdesk --service register --as me@education.gov.uk users add --first-name=-Ann --last-name \"O'Brien \"'$HOME' \
             --email ann@education.gov.uk --api-user no"
        );
        let words = shlex::split(&line).unwrap();
        let Some(Command::Users(noun)) = Cli::try_parse_from(words).unwrap().command else { panic!() };
        let Some(UsersCommand::Add(add)) = noun.verb else { panic!() };
        let read = add.answers();
        for (id, value) in answers {
            let field = [Field::FirstName, Field::LastName, Field::Email, Field::ApiUser].into_iter().find(|field| field.key() == id);
            assert_eq!(read.get(field.unwrap()), Some(value.as_str()), "{id}");
        }
    }

    #[test]
    fn the_password_of_a_database_is_left_out() {
        let flags = ["--database", "postgresql://ann:secret@db/desk?sslmode=require"];
        let line = equivalent(&globals(&flags), &["users", "add"], &[], &[]);
        assert_eq!(line, "frontdesk --database 'postgresql://ann@db/desk?sslmode=require' users add");
        assert!(!format!("{:?}", globals(&flags)).contains("secret"));
    }

    #[test]
    fn an_address_that_begins_with_a_hyphen_comes_last() {
        let line = equivalent(&globals(&[]), &["users", "delete"], &["-b@education.gov.uk"], &[("yes", String::new())]);
        assert_eq!(line, "frontdesk users delete --yes -- -b@education.gov.uk");
        assert!(Cli::try_parse_from(shlex::split(&line).unwrap()).is_ok());
    }

    #[test]
    fn a_flag_without_a_value_stands_alone_and_an_unknown_one_is_left_out() {
        let answers = [("yes", String::new()), ("size", "red".to_owned())];
        let line = equivalent(&globals(&[]), &["users", "delete"], &["ann@education.gov.uk"], &answers);
        assert_eq!(line, "frontdesk users delete ann@education.gov.uk --yes");
    }
}
