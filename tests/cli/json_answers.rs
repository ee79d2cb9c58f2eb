//! Every answer in JSON, with the complete set of its keys, their order and their types: whoever reads
//! them in a script relies on each, so that one more, one less or another type is a change of the
//! contract.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::desk::{Desk, Ran, piped};
use crate::json_api_clients::API_CLIENTS;
use crate::kept::Kept;
use crate::terminal::{ENTER, Setting};

/// What happens at a desk, one after another.
pub enum Step {
    /// A command, with the exit code it ends with and the shape of what it answers.
    Answer(&'static str, i32, &'static str),
    /// A file in the home directory, for the commands that follow.
    File(&'static str, &'static str),
    /// Another program writes to the database.
    Written(&'static str),
    /// The database fails from now on.
    Broken(fn(&Kept)),
}

use Step::{Answer, Broken, File, Written};

/// The shapes that stand in others by their names in angle brackets. White space is for the reader alone.
const NAMED: [(&str, &str); 30] = [
    (
        "client",
        "{id: string, name: string, status: 'active', expires_on: string, created_by: string, created_at: string, last_used_at: null}",
    ),
    (
        "used client",
        "{id: string, name: string, status: 'active', expires_on: string, created_by: string, created_at: string, last_used_at: string}",
    ),
    (
        "revoked client",
        "{id: string, name: string, status: 'revoked', expires_on: string, created_by: string, created_at: string,
          last_used_at: string}",
    ),
    (
        "user",
        "{id: string, first_name: string, last_name: string, email: string, kind: string, api_user: boolean, active: boolean,
          last_signed_in_at: null, sign_in_id: null, created_at: string, updated_at: string, revision: integer}",
    ),
    (
        "user who has signed in",
        "{id: string, first_name: string, last_name: string, email: string, kind: string, api_user: boolean, active: boolean,
          last_signed_in_at: string, sign_in_id: string, created_at: string, updated_at: string, revision: integer}",
    ),
    (
        "user to be",
        "{id: null, first_name: string, last_name: string, email: string, kind: string, api_user: boolean, active: boolean,
          last_signed_in_at: null, sign_in_id: null, created_at: string, updated_at: string, revision: integer}",
    ),
    (
        "member",
        "{id: string, first_name: string, last_name: string, email: string, kind: string, organisations: [<reference>],
          last_signed_in_at: null, sign_in_id: null, created_at: string, updated_at: string, revision: integer}",
    ),
    (
        "member of nothing",
        "{id: string, first_name: string, last_name: string, email: string, kind: string, organisations: [],
          last_signed_in_at: null, sign_in_id: null, created_at: string, updated_at: string, revision: integer}",
    ),
    (
        "member who has signed in",
        "{id: string, first_name: string, last_name: string, email: string, kind: string, organisations: [<reference>],
          last_signed_in_at: string, sign_in_id: string, created_at: string, updated_at: string, revision: integer}",
    ),
    (
        "member to be",
        "{id: null, first_name: string, last_name: string, email: string, kind: string, organisations: [<reference>],
          last_signed_in_at: null, sign_in_id: null, created_at: string, updated_at: string, revision: integer}",
    ),
    ("reference", "{id: string, code: string, name: string}"),
    ("organisation", "{id: string, code: string, name: string, users: integer, created_at: string, updated_at: string, revision: integer}"),
    (
        "organisation to be",
        "{id: null, code: string, name: string, users: integer, created_at: string, updated_at: string, revision: integer}",
    ),
    (
        "sent email",
        "{id: string, to: string, subject: string, text: string, status: 'sent', attempts: integer, next_attempt_at: null,
          last_error: null, message_id: string, created_at: string, sent_at: string}",
    ),
    (
        "queued email",
        "{id: string, to: string, subject: string, text: string, status: 'queued', attempts: integer, next_attempt_at: string,
          last_error: null, message_id: string, created_at: string, sent_at: null}",
    ),
    (
        "refused email",
        "{id: string, to: string, subject: string, text: string, status: 'refused', attempts: integer, next_attempt_at: null,
          last_error: string, message_id: string, created_at: string, sent_at: null}",
    ),
    (
        "cancelled email",
        "{id: string, to: string, subject: string, text: string, status: 'cancelled', attempts: integer, next_attempt_at: null,
          last_error: null, message_id: string, created_at: string, sent_at: null}",
    ),
    ("sent", "{id: string, to: string, subject: string, status: 'sent'}"),
    ("queued", "{id: string, to: string, subject: string, status: 'queued'}"),
    ("would queue", "{id: null, to: string, subject: string, status: 'would_queue'}"),
    ("machine", "{label: string, email: null}"),
    ("person", "{label: string, email: string}"),
    ("subject", "{kind: string, id: string, label: string}"),
    ("first value", "{field: string, before: null, after: string}"),
    ("last value", "{field: string, before: string, after: null}"),
    ("new value", "{field: string, before: string, after: string}"),
    (
        "settings",
        "{name: string, web-address: string, help-address: string, page-size: string, edit-organisation-users: string,
          environment: string, protected: string, minimum-active-users: string, deletes-per-three-minutes: string,
          require-actor: string}",
    ),
    ("service", "{name: string, kind: string, database: string, exists: boolean}"),
    ("value", "{value: string, origin: string}"),
    ("no value", "{value: null, origin: string}"),
];

// Errors that tell no more than what happened and what to do.
pub const USAGE: &str = "{error: {code: 'usage', reason: null, message: string, fields: [], hint: string}, exit: integer}";
pub const NOT_FOUND: &str = "{error: {code: 'not_found', reason: null, message: string, fields: [], hint: string}, exit: integer}";
const CONFLICT: &str = "{error: {code: 'conflict', reason: null, message: string, fields: [], hint: string}, exit: integer}";
pub const NOT_PERMITTED: &str = "{error: {code: 'not_permitted', reason: null, message: string, fields: [], hint: string}, exit: integer}";
const UNAVAILABLE: &str = "{error: {code: 'unavailable', reason: null, message: string, fields: [], hint: string}, exit: integer}";

// Checks that need no database.
const DOCTOR_WITHOUT_DATABASE: &str = "{schema: integer, checks: [
    {name: string, status: 'problem', message: string, hint: string},
    {name: string, status: 'ok', message: string, hint: null},
    {name: string, status: 'note', message: string, hint: null}
]}";

const USERS: &[Step] = &[
    Answer("users list", 0, "{schema: integer, users: [], total: integer}"),
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no --dry-run",
        0,
        "{schema: integer, result: 'added', user: <user to be>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no --if-not-exists",
        0,
        "{schema: integer, result: 'unchanged', user: <user>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "users add --first-name Zoë --last-name Young --email zoe@education.gov.uk --api-user yes --no-email",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "users add --email ann@education.gov.uk",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'blank', message: string},
            {field: string, flag: string, code: 'email_in_use', message: string},
            {field: string, flag: string, code: 'not_chosen', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no --dry-run",
        5,
        "{error: {code: 'conflict', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'email_in_use', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "sign-in record --email ann@education.gov.uk --id A1",
        0,
        "{schema: integer, allowed: boolean, access: 'support', user: <user who has signed in>}",
    ),
    Answer("sign-in check --email zoe@education.gov.uk", 0, "{schema: integer, allowed: boolean, access: 'api-only', user: <user>}"),
    Answer(
        "sign-in check",
        3,
        "{error: {code: 'invalid_answers', reason: 'missing_email', message: string, fields: [
            {field: string, flag: string, code: 'blank', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "sign-in check --email lost@education.gov.uk",
        4,
        "{error: {code: 'not_found', reason: 'unknown_user', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "sign-in record --email ann@education.gov.uk --id A2",
        6,
        "{error: {code: 'not_permitted', reason: 'identity_mismatch', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer("users list", 0, "{schema: integer, users: [<user who has signed in>, <user>], total: integer}"),
    Answer(
        "users list --page 2 --per-page 1",
        0,
        "{schema: integer, users: [<user>], total: integer, page: integer, pages: integer, per_page: integer}",
    ),
    Answer("users list --page 9", 0, "{schema: integer, users: [], total: integer, page: integer, pages: integer, per_page: integer}"),
    Answer(
        "users list --search ann --fields email,sign_in_id,api_user",
        0,
        "{schema: integer, users: [{email: string, sign_in_id: string, api_user: boolean}], total: integer}",
    ),
    Answer("users show zoe@education.gov.uk", 0, "{schema: integer, user: <user>}"),
    Answer("users show A1", 0, "{schema: integer, user: <user who has signed in>}"),
    Answer("users show A1 --fields revision,id", 0, "{schema: integer, user: {revision: integer, id: string}}"),
    Answer("users show lost@education.gov.uk", 4, NOT_FOUND),
    Answer("users show A1 --fields nothing", 2, USAGE),
    Answer("users list --page 0", 2, USAGE),
    Answer("users list --lost", 2, USAGE),
    Answer("--database lost.db users list", 7, UNAVAILABLE),
    Answer(
        "users edit A1 --api-user yes --dry-run",
        0,
        "{schema: integer, result: 'updated', user: <user who has signed in>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "users edit zoe@education.gov.uk --email zo@education.gov.uk --dry-run",
        0,
        "{schema: integer, result: 'updated', user: <user>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer(
        "users edit zoe@education.gov.uk --email zo@education.gov.uk",
        0,
        "{schema: integer, result: 'updated', user: <user>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "users edit zo@education.gov.uk --email zo@education.gov.uk",
        0,
        "{schema: integer, result: 'unchanged', user: <user>, emails: [], dry_run: boolean}",
    ),
    Answer("users edit zo@education.gov.uk", 2, USAGE),
    Answer(
        "users edit A1 --first-name Anne",
        6,
        "{error: {code: 'not_permitted', reason: 'locked_after_sign_in', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "--as ann@education.gov.uk users edit A1 --active no",
        6,
        "{error: {code: 'not_permitted', reason: 'yourself', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer("--as zo@education.gov.uk users list", 6, NOT_PERMITTED),
    Answer(
        "--as ann@education.gov.uk users edit zo@education.gov.uk --api-user no --active no",
        0,
        "{schema: integer, result: 'updated', user: <user>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "sign-in check --email zo@education.gov.uk",
        6,
        "{error: {code: 'not_permitted', reason: 'inactive_user', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "users delete zo@education.gov.uk --dry-run",
        0,
        "{schema: integer, result: 'deleted', user: <user>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer("users delete zo@education.gov.uk", 2, USAGE),
    Answer(
        "users delete zo@education.gov.uk --yes",
        0,
        "{schema: integer, result: 'deleted', user: <user>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "users delete zo@education.gov.uk --yes --if-exists",
        0,
        "{schema: integer, result: 'unchanged', user: null, emails: [], dry_run: boolean}",
    ),
    Answer(
        "sign-in check --email zo@education.gov.uk",
        4,
        "{error: {code: 'not_found', reason: 'deleted_user', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "activity list",
        0,
        "{schema: integer, entries: [
            {id: string, at: string, actor: <machine>, action: string, subject: <subject>, organisation: null,
             changes: [<last value>]},
            {id: string, at: string, actor: <person>, action: string, subject: <subject>, organisation: null,
             changes: [<new value>]},
            {id: string, at: string, actor: <machine>, action: string, subject: <subject>, organisation: null,
             changes: [<new value>]},
            {id: string, at: string, actor: <machine>, action: string, subject: <subject>, organisation: null,
             changes: [<first value>]}
        ], total: integer}",
    ),
];

const FILES: &[Step] = &[
    File("people.csv", "first_name,last_name,email,api_user\nAnn,Abel,ann@education.gov.uk,no\n"),
    Answer(
        "users import people.csv --dry-run",
        0,
        "{schema: integer, result: 'imported', added: integer, linked: integer, skipped: integer, repeated: integer, emails: integer, dry_run: boolean}",
    ),
    // What is left over is told by the exit code: the answer is that of any import.
    Answer(
        "users import people.csv --yes --require-delivery",
        8,
        "{schema: integer, result: 'imported', added: integer, linked: integer, skipped: integer, repeated: integer, emails: integer, dry_run: boolean}",
    ),
    Answer(
        "users import people.csv --yes",
        0,
        "{schema: integer, result: 'imported', added: integer, linked: integer, skipped: integer, repeated: integer, emails: integer, dry_run: boolean}",
    ),
    Answer("users import people.csv", 2, USAGE),
    Answer(
        "move moved.db --dry-run",
        0,
        "{schema: integer, result: 'moved', users: integer, organisations: integer, organisation_users: integer, memberships: integer,
          emails: integer, entries: integer, api_clients: integer, dry_run: boolean}",
    ),
    Answer(
        "move moved.db --yes",
        0,
        "{schema: integer, result: 'moved', users: integer, organisations: integer, organisation_users: integer, memberships: integer,
          emails: integer, entries: integer, api_clients: integer, dry_run: boolean}",
    ),
    Answer("move moved.db --yes", 5, CONFLICT),
    Answer("move other.db", 2, USAGE),
    Answer("users import lost.csv --yes", 4, NOT_FOUND),
    File("wrong.csv", "first_name,last_name,email,api_user\nBo,,bo@gmail.com,\n"),
    Answer(
        "users import wrong.csv --yes",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: null, code: 'blank', message: string, line: integer},
            {field: string, flag: null, code: 'wrong_domain', message: string, line: integer},
            {field: string, flag: null, code: 'not_chosen', message: string, line: integer}
        ], hint: string}, exit: integer}",
    ),
    File("wide.csv", "first_name,last_name,email,api_user\nBo,Baker, Junior,bo@education.gov.uk,no\n"),
    Answer(
        "users import wide.csv --yes",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: null, flag: null, code: 'bad_format', message: string, line: integer}
        ], hint: string}, exit: integer}",
    ),
    File("narrow.csv", "first_name\nBo\n"),
    Answer(
        "users import narrow.csv --yes",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [], hint: string}, exit: integer}",
    ),
    File("organisations.csv", "code,name\nALPHA,Alpha School\n"),
    Answer(
        "org import organisations.csv --dry-run",
        0,
        "{schema: integer, result: 'imported', added: integer, linked: integer, skipped: integer, repeated: integer, emails: integer, dry_run: boolean}",
    ),
    Answer(
        "org import organisations.csv --yes",
        0,
        "{schema: integer, result: 'imported', added: integer, linked: integer, skipped: integer, repeated: integer, emails: integer, dry_run: boolean}",
    ),
    File("members.csv", "organisation_code,first_name,last_name,email\nALPHA,Cleo,Cole,cleo@example.com\n"),
    Answer(
        "org import-users members.csv --dry-run",
        0,
        "{schema: integer, result: 'imported', added: integer, linked: integer, skipped: integer, repeated: integer, emails: integer, dry_run: boolean}",
    ),
    Answer(
        "org import-users members.csv --yes",
        0,
        "{schema: integer, result: 'imported', added: integer, linked: integer, skipped: integer, repeated: integer, emails: integer, dry_run: boolean}",
    ),
    File("strangers.csv", "organisation_code,first_name,last_name,email\nBETA,Cleo,Cole,cleo@example.com\n"),
    Answer(
        "org import-users strangers.csv --yes",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: null, code: 'unknown_organisation', message: string, line: integer}
        ], hint: string}, exit: integer}",
    ),
];

const ORGANISATIONS: &[Step] = &[
    Answer("org list", 0, "{schema: integer, organisations: [], total: integer}"),
    Answer(
        "org add --code ALPHA --name 'Alpha School' --dry-run",
        0,
        "{schema: integer, result: 'added', organisation: <organisation to be>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "org add --code ALPHA --name 'Alpha School'",
        0,
        "{schema: integer, result: 'added', organisation: <organisation>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "org add --code alpha --name 'Another Alpha'",
        5,
        "{error: {code: 'conflict', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'code_in_use', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "org add --code 'B C'",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'bad_characters', message: string},
            {field: string, flag: string, code: 'blank', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "org add --code BETA --name 'Beta School'",
        0,
        "{schema: integer, result: 'added', organisation: <organisation>, emails: [], dry_run: boolean}",
    ),
    Answer("org list", 0, "{schema: integer, organisations: [<organisation>], total: integer}"),
    Answer(
        "org list --per-page 1",
        0,
        "{schema: integer, organisations: [<organisation>], total: integer, page: integer, pages: integer, per_page: integer}",
    ),
    Answer("org list --fields users,code", 0, "{schema: integer, organisations: [{users: integer, code: string}], total: integer}"),
    Answer("org show alpha", 0, "{schema: integer, organisation: <organisation>}"),
    Answer("org show alpha --fields name", 0, "{schema: integer, organisation: {name: string}}"),
    Answer("org show LOST", 4, NOT_FOUND),
    Answer(
        "org edit BETA --name 'Beta College' --dry-run",
        0,
        "{schema: integer, result: 'updated', organisation: <organisation>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "org edit BETA --name 'Beta College'",
        0,
        "{schema: integer, result: 'updated', organisation: <organisation>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "org edit BETA --name 'Beta College'",
        0,
        "{schema: integer, result: 'unchanged', organisation: <organisation>, emails: [], dry_run: boolean}",
    ),
    Answer("org users ALPHA", 0, "{schema: integer, organisation: <organisation>, users: [], total: integer}"),
    Answer(
        "org add-user ALPHA --first-name Cleo --last-name Cole --email cleo@example.com --dry-run",
        0,
        "{schema: integer, result: 'added', user: <member to be>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer(
        "org add-user ALPHA --first-name Cleo --last-name Cole --email cleo@example.com",
        0,
        "{schema: integer, result: 'added', user: <member>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "org add-user ALPHA --first-name Cleo --last-name Cole --email cleo@example.com --if-not-exists",
        0,
        "{schema: integer, result: 'unchanged', user: <member>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "org add-user ALPHA --first-name Cleo --last-name Cole --email cleo@example.com",
        5,
        "{error: {code: 'conflict', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'email_in_use', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "org add-user BETA --first-name Clea --last-name Cole --email cleo@example.com --dry-run",
        0,
        "{schema: integer, result: 'linked', user: <member>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer(
        "org add-user BETA --first-name Clea --last-name Cole --email cleo@example.com",
        0,
        "{schema: integer, result: 'linked', user: <member>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "org add-user BETA --first-name Bo --last-name Baker --email bo@example.com --no-email",
        0,
        "{schema: integer, result: 'added', user: <member>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "sign-in record --email bo@example.com --id B1",
        0,
        "{schema: integer, allowed: boolean, access: 'organisation', user: <member who has signed in>}",
    ),
    Answer(
        "org users BETA",
        0,
        "{schema: integer, organisation: <organisation>, users: [<member who has signed in>, <member>], total: integer}",
    ),
    Answer(
        "org users BETA --page 2 --per-page 1",
        0,
        "{schema: integer, organisation: <organisation>, users: [<member>], total: integer, page: integer, pages: integer, per_page: integer}",
    ),
    Answer(
        "org users BETA --search bo --fields organisations,email",
        0,
        "{schema: integer, organisation: <organisation>, users: [{organisations: [<reference>], email: string}], total: integer}",
    ),
    Answer("org users LOST", 4, NOT_FOUND),
    Answer("org show-user BETA cleo@example.com", 0, "{schema: integer, user: <member>}"),
    Answer("org show-user BETA B1", 0, "{schema: integer, user: <member who has signed in>}"),
    Answer("org show-user BETA B1 --fields last_signed_in_at", 0, "{schema: integer, user: {last_signed_in_at: string}}"),
    Answer("org show-user ALPHA B1", 4, NOT_FOUND),
    Answer(
        "org edit-user ALPHA cleo@example.com --email clea@example.com --dry-run",
        0,
        "{schema: integer, result: 'updated', user: <member>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer(
        "org edit-user ALPHA cleo@example.com --email clea@example.com",
        0,
        "{schema: integer, result: 'updated', user: <member>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "org edit-user BETA B1 --first-name Bob",
        6,
        "{error: {code: 'not_permitted', reason: 'locked_after_sign_in', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer("--as bo@example.com users list", 6, NOT_PERMITTED),
    Answer(
        "--as bo@example.com whoami",
        0,
        "{schema: integer,
          actor: {label: string, email: string, kind: string, id: string, active: boolean, organisations: [<reference>]},
          settings: {service: <value>, kind: <value>, database: <value>, emails: <value>, actor: <value>, accessible: <value>,
                     no_input: <value>, delivery: <value>, configuration: <value>}}",
    ),
    Answer(
        "--as bo@example.com org remove-user BETA bo@example.com --yes",
        6,
        "{error: {code: 'not_permitted', reason: 'yourself', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "org remove-user ALPHA clea@example.com --dry-run",
        0,
        "{schema: integer, result: 'removed', user: <member>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer(
        "org remove-user ALPHA clea@example.com --yes",
        0,
        "{schema: integer, result: 'removed', user: <member>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "org remove-user ALPHA clea@example.com --yes --if-exists",
        0,
        "{schema: integer, result: 'unchanged', user: null, emails: [], dry_run: boolean}",
    ),
    Answer(
        "org remove-user BETA clea@example.com --yes --no-email",
        0,
        "{schema: integer, result: 'removed', user: <member of nothing>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "sign-in check --email clea@example.com",
        0,
        "{schema: integer, allowed: boolean, access: 'organisation', user: <member of nothing>}",
    ),
    Answer("org delete BETA --yes", 6, NOT_PERMITTED),
    Answer(
        "org delete ALPHA --dry-run",
        0,
        "{schema: integer, result: 'deleted', organisation: <organisation>, emails: [], dry_run: boolean}",
    ),
    Answer("org delete ALPHA", 2, USAGE),
    Answer("org delete ALPHA --yes", 0, "{schema: integer, result: 'deleted', organisation: <organisation>, emails: [], dry_run: boolean}"),
    Answer(
        "activity list --org BETA --per-page 2",
        0,
        "{schema: integer, entries: [
            {id: string, at: string, actor: <machine>, action: string, subject: <subject>, organisation: <reference>,
             changes: [<last value>]},
            {id: string, at: string, actor: <machine>, action: string, subject: <subject>, organisation: <reference>,
             changes: [<first value>]}
        ], total: integer, page: integer, pages: integer, per_page: integer}",
    ),
    Answer(
        "activity list --org BETA --per-page 1 --fields changes,organisation.code,actor",
        0,
        "{schema: integer, entries: [{changes: [<last value>], organisation: {code: string}, actor: <machine>}], total: integer,
          page: integer, pages: integer, per_page: integer}",
    ),
    Answer("activity list --user lost@example.com", 4, NOT_FOUND),
    Answer("activity list --org LOST", 4, NOT_FOUND),
];

const EMAILS: &[Step] = &[
    Answer("emails list", 0, "{schema: integer, emails: [], total: integer}"),
    File(".config/frontdesk/config.toml", "delivery = \"later\"\n"),
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [<queued>], dry_run: boolean}",
    ),
    Answer("emails show NEWEST", 0, "{schema: integer, email: <queued email>}"),
    Answer("emails show NEWEST --fields to,attempts", 0, "{schema: integer, email: {to: string, attempts: integer}}"),
    Answer(
        "emails cancel NEWEST --dry-run",
        0,
        "{schema: integer, result: 'updated', email: <cancelled email>, emails: [], dry_run: boolean}",
    ),
    Answer("emails cancel NEWEST", 0, "{schema: integer, result: 'updated', email: <cancelled email>, emails: [], dry_run: boolean}"),
    Answer("emails retry NEWEST", 6, NOT_PERMITTED),
    Answer(
        "emails resend ann@education.gov.uk --dry-run",
        0,
        "{schema: integer, result: 'unchanged', user: <user>, emails: [<would queue>], dry_run: boolean}",
    ),
    Answer(
        "emails resend ann@education.gov.uk",
        0,
        "{schema: integer, result: 'unchanged', user: <user>, emails: [<queued>], dry_run: boolean}",
    ),
    Answer("emails retry NEWEST", 0, "{schema: integer, result: 'updated', email: <sent email>, emails: [], dry_run: boolean}"),
    Answer("emails show NEWEST", 0, "{schema: integer, email: <sent email>}"),
    Answer("emails cancel NEWEST", 6, NOT_PERMITTED),
    Answer(
        "users add --first-name Zoë --last-name Young --email zoe@education.gov.uk --api-user no",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [<queued>], dry_run: boolean}",
    ),
    Written("UPDATE emails SET to_address = 'nowhere' WHERE to_address LIKE 'zoe%'"),
    Answer("emails retry NEWEST", 7, UNAVAILABLE),
    Answer("emails show NEWEST", 0, "{schema: integer, email: <refused email>}"),
    Answer(
        "emails resend ann@education.gov.uk",
        0,
        "{schema: integer, result: 'unchanged', user: <user>, emails: [<queued>], dry_run: boolean}",
    ),
    Answer(
        "emails list",
        0,
        "{schema: integer, emails: [<queued email>, <refused email>, <sent email>, <cancelled email>], total: integer}",
    ),
    Answer(
        "emails list --status sent --per-page 1",
        0,
        "{schema: integer, emails: [<sent email>], total: integer, page: integer, pages: integer, per_page: integer}",
    ),
    Answer(
        "emails list --fields last_error,sent_at --status refused",
        0,
        "{schema: integer, emails: [{last_error: string, sent_at: null}], total: integer}",
    ),
    Answer("emails show lost", 4, NOT_FOUND),
    Answer("emails cancel lost", 4, NOT_FOUND),
    Answer("emails resend lost@education.gov.uk", 4, NOT_FOUND),
    Answer("emails send", 2, USAGE),
    Broken(Kept::fail_at_activity),
    Answer(
        "users delete ann@education.gov.uk --yes",
        5,
        "{error: {code: 'conflict', reason: null, message: string, fields: [], hint: string}, exit: integer}",
    ),
    Broken(Kept::fail_strangely_at_activity),
    Answer(
        "users delete ann@education.gov.uk --yes",
        1,
        "{error: {code: 'internal', reason: null, message: string, fields: [], hint: string}, exit: integer}",
    ),
];

/// What there is to examine depends on where a desk is kept: this is one in a file.
pub const DOCTOR: &[Step] = &[
    Answer(
        "doctor",
        0,
        "{schema: integer, checks: [
            {name: string, status: 'note', message: string, hint: null},
            {name: string, status: 'ok', message: string, hint: null},
            {name: string, status: 'note', message: string, hint: null}
        ]}",
    ),
    Answer("--database lost.db doctor", 7, DOCTOR_WITHOUT_DATABASE),
    File(".config/frontdesk/config.toml", "delivery = \"later\"\n"),
    Answer(
        "users add --first-name Zoë --last-name Young --email zoe@education.gov.uk --api-user no",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [<queued>], dry_run: boolean}",
    ),
    Written("UPDATE emails SET to_address = 'nowhere'"),
    Answer("emails retry NEWEST", 7, UNAVAILABLE),
    Answer(
        "doctor",
        7,
        "{schema: integer, checks: [
            {name: string, status: 'ok', message: string, hint: null},
            {name: string, status: 'warning', message: string, hint: string},
            {name: string, status: 'ok', message: string, hint: null},
            {name: string, status: 'problem', message: string, hint: string},
            {name: string, status: 'problem', message: string, hint: null},
            {name: string, status: 'ok', message: string, hint: null},
            {name: string, status: 'note', message: string, hint: null}
        ]}",
    ),
];

const SERVICE: &[Step] = &[
    Answer("service list", 0, "{schema: integer, services: [<service>], total: integer}"),
    Answer("service list --fields exists,name", 0, "{schema: integer, services: [{exists: boolean, name: string}], total: integer}"),
    Answer("service show", 0, "{schema: integer, service: <settings>}"),
    Answer("service show --fields page-size,name", 0, "{schema: integer, service: {page-size: string, name: string}}"),
    Answer(
        "service set page-size 30 --dry-run",
        0,
        "{schema: integer, result: 'updated', service: <settings>, emails: [], dry_run: boolean}",
    ),
    Answer("service set page-size 30", 0, "{schema: integer, result: 'updated', service: <settings>, emails: [], dry_run: boolean}"),
    Answer("service set page-size 30", 0, "{schema: integer, result: 'unchanged', service: <settings>, emails: [], dry_run: boolean}"),
    Answer(
        "service set page-size many",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'bad_format', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer("service set colour red", 2, USAGE),
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no --no-email",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "service set minimum-active-users 1",
        0,
        "{schema: integer, result: 'updated', service: <settings>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "users delete ann@education.gov.uk --yes",
        6,
        "{error: {code: 'not_permitted', reason: 'minimum_active_users', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "service set minimum-active-users 0",
        0,
        "{schema: integer, result: 'updated', service: <settings>, emails: [], dry_run: boolean}",
    ),
    Answer("service set protected yes", 0, "{schema: integer, result: 'updated', service: <settings>, emails: [], dry_run: boolean}"),
    Answer(
        "users delete ann@education.gov.uk --yes",
        6,
        "{error: {code: 'not_permitted', reason: 'protected', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "service set deletes-per-three-minutes 1",
        0,
        "{schema: integer, result: 'updated', service: <settings>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "users add --first-name Bo --last-name Baker --email bo@education.gov.uk --api-user no --no-email",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "users delete bo@education.gov.uk --yes --no-email --environment production",
        0,
        "{schema: integer, result: 'deleted', user: <user>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "users delete ann@education.gov.uk --yes --environment production",
        6,
        "{error: {code: 'not_permitted', reason: 'too_many_deletes', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "whoami",
        0,
        "{schema: integer,
          actor: {label: string, email: null, kind: string, id: null, active: boolean},
          settings: {service: <value>, kind: <value>, database: <value>, emails: <value>, actor: <no value>, accessible: <value>,
                     no_input: <value>, delivery: <value>, configuration: <value>}}",
    ),
    Answer("whoami --fields actor", 2, USAGE),
    Answer("--as lost@education.gov.uk whoami", 6, NOT_PERMITTED),
    File(
        ".config/frontdesk/config.toml",
        "[smtp]\nhost = \"127.0.0.1\"\nsecurity = \"none\"\nusername = \"desk\"\npassword_file = \"~/secret\"\n\
         from = \"desk@example.com\"\nca_file = \"~/authority.pem\"\n",
    ),
    File("secret", "secret\n"),
    Answer(
        "--as ann@education.gov.uk whoami",
        0,
        "{schema: integer,
          actor: {label: string, email: string, kind: string, id: string, active: boolean},
          settings: {service: <value>, kind: <value>, database: <value>, emails: <value>, actor: <value>, accessible: <value>,
                     no_input: <value>, delivery: <value>, smtp_host: <value>, smtp_port: <value>, smtp_security: <value>,
                     smtp_username: <value>, smtp_from: <value>, smtp_ca_file: <value>, smtp_timeout: <value>, configuration: <value>}}",
    ),
    File(".config/frontdesk/config.toml", "nonsense"),
    Answer("service show", 7, UNAVAILABLE),
];

pub const BACKUP: &[Step] = &[
    Answer("backup copy.db", 7, UNAVAILABLE),
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer(
        "backup copy.db",
        0,
        "{schema: integer, result: 'backed_up', users: integer, organisations: integer, organisation_users: integer,
          memberships: integer, emails: integer, entries: integer, api_clients: integer, dry_run: boolean}",
    ),
    Answer("backup copy.db", 5, CONFLICT),
    Answer("backup -", 2, USAGE),
    Answer("restore copy.db", 2, USAGE),
    Answer("restore lost.db --yes", 4, NOT_FOUND),
    Answer(
        "restore copy.db --dry-run",
        0,
        "{schema: integer, result: 'restored', users: integer, organisations: integer, organisation_users: integer,
          memberships: integer, emails: integer, entries: integer, api_clients: integer, kept: null, dry_run: boolean}",
    ),
    Answer(
        "restore copy.db --yes",
        0,
        "{schema: integer, result: 'restored', users: integer, organisations: integer, organisation_users: integer,
          memberships: integer, emails: integer, entries: integer, api_clients: integer, kept: string, dry_run: boolean}",
    ),
];

const TABLES: [&[Step]; 8] = [USERS, FILES, ORGANISATIONS, EMAILS, SERVICE, DOCTOR, API_CLIENTS, BACKUP];

/// The answers of all tables.
fn answers() -> impl Iterator<Item = (&'static str, i32, &'static str)> {
    TABLES.into_iter().flatten().filter_map(|step| match step {
        Answer(line, exit, shape) => Some((*line, *exit, *shape)),
        _ => None,
    })
}

/// A shape of the tables, complete and without white space.
fn written_out(shape: &str) -> String {
    let mut text = shape.to_owned();
    // A named shape may hold another.
    while text.contains('<') {
        let before = text.clone();
        for (name, named) in NAMED {
            text = text.replace(&format!("<{name}>"), named);
        }
        assert_ne!(text, before, "{shape}: no shape has this name");
    }
    text.split_whitespace().collect()
}

/// The shape of a value: every key in its order with its type, and in place of a word that is one of
/// few the word itself. Neighbours of one shape in an array are told once.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(number) if number.is_u64() => "integer".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(values) => {
            let mut shapes: Vec<String> = values.iter().map(shape).collect();
            shapes.dedup();
            format!("[{}]", shapes.join(","))
        }
        Value::Object(object) => {
            let is_word = |key: &str| match key {
                "result" | "access" | "status" | "reason" => true,
                // The code of an organisation is anything, that of an error is not.
                "code" => object.contains_key("message"),
                _ => false,
            };
            let entries = object.iter().map(|(key, value)| match value {
                Value::String(word) if is_word(key) => format!("{key}:'{word}'"),
                _ => format!("{key}:{}", shape(value)),
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

/// Which way an answer is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Json,
    JsonLines,
}

/// Takes the steps of a table at a fresh desk, and gives what each answer was.
fn walk(table: &[Step], way: Way) -> Vec<(String, Ran)> {
    let desk = Desk::new();
    let mut newest_email = String::new();
    let (mut newest_client, mut newest_token) = (String::new(), String::new());
    let mut answered = Vec::new();
    for step in table {
        match step {
            File(name, text) => {
                let path = desk.path(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Written(sql) => desk.kept.execute(sql),
            Broken(by) => by(&desk.kept),
            Answer(line, ..) => {
                let line = line.replace("NEWEST", &newest_email).replace("CLIENT", &newest_client);
                let format = if way == Way::Json { "--json" } else { "--format jsonl" };
                let (words, input) = line.split_once(" < ").unwrap_or((&line, ""));
                let words = shlex::split(&format!("{words} {format} --quiet")).unwrap();
                let mut ran = piped(&desk, &words, &input.replace("TOKEN", &newest_token));
                let client = serde_json::from_str::<Value>(&ran.out).map_or(Value::Null, |answer| answer["api_client"].clone());
                if let (Some(id), Some(token)) = (client["id"].as_str(), client["token"].as_str()) {
                    id.clone_into(&mut newest_client);
                    token.clone_into(&mut newest_token);
                    // Another in every run.
                    ran.out = ran.out.replace(token, "TOKEN");
                }
                let emails = serde_json::from_str::<Value>(&ran.out).map_or(Value::Null, |answer| answer["emails"][0]["id"].clone());
                if let Some(id) = emails.as_str().filter(|_| !line.starts_with("emails list")) {
                    id.clone_into(&mut newest_email);
                }
                answered.push((line, ran));
            }
        }
    }
    answered
}

/// The document of an answer: on standard output where something was done, else on standard error,
/// and then on one line.
fn document(line: &str, ran: &Ran, exit: i32) -> Value {
    assert_eq!(ran.code, exit, "{line}: {ran:?}");
    // What is wrong with a desk is what was asked for.
    let is_done = matches!(exit, 0 | 8) || command(line) == "doctor";
    let text = if is_done { &ran.out } else { &ran.err };
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{line}: {error}: {ran:?}"));
    if is_done {
        // So that no key is there twice, either: of two the reader sees one.
        assert_eq!(*text, format!("{}\n", serde_json::to_string_pretty(&document).unwrap()), "{line}");
        assert!(exit == 8 || ran.err.is_empty(), "{line}: {ran:?}");
    } else {
        assert_eq!((ran.out.as_str(), text), ("", &format!("{document}\n")), "{line}");
        assert_eq!(document["exit"], exit, "{line}");
    }
    document
}

/// Takes the steps of a table, and compares every answer with its shape.
pub fn every_answer_has_its_shape(table: &[Step]) {
    let rows: Vec<(i32, &str)> = table
        .iter()
        .filter_map(|step| match step {
            Answer(_, exit, shape) => Some((*exit, *shape)),
            _ => None,
        })
        .collect();
    let (documents, lines) = (walk(table, Way::Json), walk(table, Way::JsonLines));
    for (((line, ran), (_, as_lines)), (exit, expected)) in documents.iter().zip(&lines).zip(rows) {
        let document = document(line, ran, exit);
        assert_eq!(shape(&document), written_out(expected), "{line}");
        // A list is one object a line and nothing around them; all else is the same on one line.
        let rows = document
            .as_object()
            .unwrap()
            .values()
            .find_map(Value::as_array)
            .filter(|_| document.get("total").is_some() || document.get("checks").is_some());
        let compact = match (rows, exit) {
            (Some(rows), _) => rows.iter().map(|row| format!("{row}\n")).collect(),
            (None, 0 | 8) => format!("{document}\n"),
            (None, _) => String::new(),
        };
        assert_eq!((as_lines.code, &as_lines.out), (exit, &compact), "{line}");
        // What a wrong flag is told quotes the command.
        if exit != 2 {
            assert_eq!(as_lines.err, ran.err, "{line}");
        }
    }
}

#[test]
fn answers_about_users_have_their_keys() {
    every_answer_has_its_shape(USERS);
}

#[test]
fn answers_about_files_have_their_keys() {
    every_answer_has_its_shape(FILES);
}

#[test]
fn answers_about_organisations_have_their_keys() {
    every_answer_has_its_shape(ORGANISATIONS);
}

#[test]
fn answers_about_emails_have_their_keys() {
    every_answer_has_its_shape(EMAILS);
}

#[test]
fn answers_about_the_service_have_their_keys() {
    every_answer_has_its_shape(SERVICE);
}

#[test]
fn a_change_that_is_called_off_answers_with_an_error() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let answer = desk.path("answer");
    let setting = Setting::at(&desk).columns(400).output_to(&answer);
    let mut terminal = setting.run(&["users", "delete", "ann@education.gov.uk", "--format", "jsonl"]);
    terminal.wait_for("Do you want to delete Ann Abel?");
    terminal.type_keys(ENTER);
    assert_eq!(terminal.finish(), 9);
    assert_eq!(fs::read_to_string(&answer).unwrap(), "");
    let shown = terminal.fresh();
    let object = &shown[shown.find("{\"error\"").unwrap()..=shown.rfind('}').unwrap()];
    let expected = "{error: {code: 'cancelled', reason: null, message: string, fields: [], hint: null}, exit: integer}";
    assert_eq!(shape(&serde_json::from_str(object).unwrap()), written_out(expected), "{shown}");
}

/// The command of a line: its first words, after the options for every command.
fn command(line: &str) -> String {
    let mut words = line.split(' ').skip_while(|word| word.starts_with("--"));
    if line.starts_with("--") {
        words.next();
    }
    // These have no second word.
    let is_alone = words.clone().next().is_some_and(|word| ["move", "backup", "restore"].contains(&word));
    let count = if is_alone { 1 } else { 2 };
    words.take(count).filter(|word| !word.starts_with("--")).collect::<Vec<_>>().join(" ")
}

/// The commands that have this flag, by the shape of the command line.
fn commands_with(flag: &str) -> BTreeSet<String> {
    let mut command = "";
    let mut commands = BTreeSet::new();
    for line in include_str!("command_tree.txt").lines() {
        match line.strip_prefix("  ") {
            None => command = line.strip_prefix("frontdesk").unwrap().split("  ").next().unwrap().trim(),
            Some(option) if option.split([' ', ',']).any(|word| word == flag) => {
                commands.insert(command.to_owned());
            }
            Some(_) => {}
        }
    }
    assert!(!commands.is_empty(), "{flag}");
    commands
}

/// The commands of the tables that were done with these words on their lines, or without.
fn covered(is_meant: impl Fn(&str) -> bool) -> BTreeSet<String> {
    answers().filter(|(line, exit, _)| *exit == 0 && is_meant(line)).map(|(line, ..)| command(line)).collect()
}

#[test]
fn no_command_that_answers_in_json_is_forgotten() {
    let (json, format) = (commands_with("--json"), commands_with("--format"));
    assert_eq!(json, format);
    assert_eq!(covered(|_| true), json);
    assert_eq!(covered(|line| line.contains(" --dry-run")), commands_with("--dry-run"));
    let is_paged = |line: &str| line.contains(" --page") || line.contains(" --per-page");
    assert_eq!(covered(is_paged), commands_with("--page"));
    assert!(covered(|line| !is_paged(line)).is_superset(&commands_with("--page")));
    // Who you are has its own shape, and refuses to show a part of it.
    let mut with_fields = commands_with("--fields");
    assert!(with_fields.remove("whoami"));
    assert_eq!(covered(|line| line.contains(" --fields ")), with_fields);
    // What is safe to repeat answers even where nothing is changed.
    for flag in ["--if-exists", "--if-not-exists"] {
        assert_eq!(covered(|line| line.contains(&format!(" {flag}"))), commands_with(flag));
    }
}

/// The words that stand at a key in the tables.
fn words(key: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (.., shape) in answers() {
        for entry in written_out(shape).split(['{', '}', '[', ']', ',']) {
            words.extend(entry.strip_prefix(&format!("{key}:'")).map(|word| word.trim_end_matches('\'').to_owned()));
        }
    }
    words
}

#[test]
fn no_word_that_a_script_may_be_answered_is_forgotten() {
    let all = |words: &str| words.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(words("result"), all("added linked updated unchanged deleted removed revoked imported moved backed_up restored"));
    assert_eq!(words("access"), all("support api-only organisation"));
    assert_eq!(words("status"), all("queued sent refused cancelled would_queue ok note problem warning active expired revoked"));
    assert_eq!(
        words("reason"),
        all("missing_email unknown_user deleted_user inactive_user identity_mismatch locked_after_sign_in yourself \
             minimum_active_users too_many_deletes protected unknown expired revoked deleted")
    );
    let errors: BTreeSet<String> =
        answers().filter_map(|(.., shape)| Some(shape.strip_prefix("{error: {code: '")?.split('\'').next().unwrap().to_owned())).collect();
    assert_eq!(errors, all("internal usage invalid_answers not_found conflict not_permitted unavailable"));
}
