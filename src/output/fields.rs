//! `--fields`: which fields of a record are wanted, and in which order.

use super::json;
use super::record::{Object, RecordField};
use crate::domain::nearest::nearest;
use crate::error::{Error, Result};

/// Reads a list like `email,first_name`. Blanks are passed over and a field named twice is kept
/// once; the name of a field that has fields (`actor`) stands for all of them.
///
/// # Errors
/// A usage error that names the unknown field and the nearest right one.
pub fn resolve(known: &'static [RecordField], typed: &str) -> Result<Vec<&'static RecordField>> {
    let mut chosen: Vec<&'static RecordField> = Vec::new();
    for name in typed.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let matching: Vec<_> = known.iter().filter(|field| is_within(field, name)).collect();
        if matching.is_empty() {
            return Err(unknown(known, name));
        }
        for field in matching {
            if !chosen.contains(&field) {
                chosen.push(field);
            }
        }
    }
    if chosen.is_empty() {
        return Err(Error::usage("Name at least one field").hint(list_of(known)));
    }
    Ok(chosen)
}

/// The record with the chosen fields alone, in their order; the whole record where none were chosen.
pub fn project(record: Object, chosen: Option<&[&'static RecordField]>) -> Object {
    let Some(chosen) = chosen else { return record };
    let mut projected = Object::new();
    for field in chosen {
        json::insert(&mut projected, field.key, field.value(&record).clone());
    }
    projected
}

fn is_within(field: &RecordField, name: &str) -> bool {
    field.key == name || field.key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

fn unknown(known: &[RecordField], name: &str) -> Error {
    let keys: Vec<&str> = known.iter().map(|field| field.key).collect();
    let error = Error::usage(format!("There is no field called ‘{name}’"));
    match nearest(name, &keys) {
        Some(key) => error.hint(format!("Did you mean ‘{key}’? {}", list_of(known))),
        None => error.hint(list_of(known)),
    }
}

fn list_of(known: &[RecordField]) -> String {
    let keys: Vec<_> = known.iter().map(|field| field.key).collect();
    format!("The fields are: {}.", keys.join(", "))
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use crate::domain::activity::Entry;
    use crate::domain::user::User;
    use crate::error::{ErrorKind, Result};
    use crate::output::record::{Record, RecordField};

    fn keys(resolved: Result<Vec<&'static RecordField>>) -> Vec<&'static str> {
        resolved.expect("known fields").into_iter().map(|field| field.key).collect()
    }

    #[test]
    fn fields_come_in_the_order_asked_for_each_once() {
        assert_eq!(keys(resolve(User::FIELDS, "email, id,,email,first_name,")), ["email", "id", "first_name"]);
    }

    #[test]
    fn a_field_that_has_fields_stands_for_them() {
        assert_eq!(keys(resolve(Entry::FIELDS, "at,actor,subject.id")), ["at", "actor.label", "actor.email", "subject.id"]);
    }

    #[test]
    fn an_unknown_field_is_named_with_the_nearest_right_one() {
        let error = resolve(User::FIELDS, "id,Frist_name").expect_err("no such field");
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Usage, "There is no field called ‘Frist_name’"));
        assert!(error.hint.as_deref().is_some_and(|hint| hint.starts_with("Did you mean ‘first_name’? The fields are: id, first_name")));
        let error = resolve(User::FIELDS, "zzz").expect_err("no such field");
        assert!(error.hint.as_deref().is_some_and(|hint| hint.starts_with("The fields are: ")));
        assert_eq!(resolve(User::FIELDS, " , ").expect_err("no field").message, "Name at least one field");
    }
}
