//! What is answered in JSON about API clients: a table of `json_answers.rs`.

use crate::json_answers::Step::{self, Answer, Written};
use crate::json_answers::{NOT_FOUND, NOT_PERMITTED, USAGE, every_answer_has_its_shape};

/// `CLIENT` is the id of the newest API client, and what comes after `<` is piped in: its token, or another.
pub const API_CLIENTS: &[Step] = &[
    Answer(
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no",
        0,
        "{schema: integer, result: 'added', user: <user>, emails: [<sent>], dry_run: boolean}",
    ),
    Answer("api-clients list", 0, "{schema: integer, api_clients: [], total: integer}"),
    Answer("api-clients add --name Import --expires-on 2026-01-31", 6, NOT_PERMITTED),
    Answer(
        "--as ann@education.gov.uk api-clients add",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'blank', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "--as ann@education.gov.uk api-clients add --name Import --expires-on 2027-01-31",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'out_of_range', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "--as ann@education.gov.uk api-clients add --name Import --expires-on soon",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'bad_format', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer(
        "--as ann@education.gov.uk api-clients add --name Import --expires-on 2026-01-31 --dry-run",
        0,
        "{schema: integer, result: 'added', api_client: {id: null, name: string, status: 'active', expires_on: string,
          created_by: string, created_at: string, last_used_at: null, token: null}, emails: [], dry_run: boolean}",
    ),
    Answer(
        "--as ann@education.gov.uk api-clients add --name Import --expires-on 2026-01-31",
        0,
        "{schema: integer, result: 'added', api_client: {id: string, name: string, status: 'active', expires_on: string,
          created_by: string, created_at: string, last_used_at: null, token: string}, emails: [], dry_run: boolean}",
    ),
    Answer(
        "--as ann@education.gov.uk api-clients add --name IMPORT --expires-on 2026-01-31",
        5,
        "{error: {code: 'conflict', reason: null, message: string, fields: [
            {field: string, flag: string, code: 'name_in_use', message: string}
        ], hint: null}, exit: integer}",
    ),
    Answer("api-clients list", 0, "{schema: integer, api_clients: [<client>], total: integer}"),
    Answer(
        "api-clients list --page 1",
        0,
        "{schema: integer, api_clients: [<client>], total: integer, page: integer, pages: integer, per_page: integer}",
    ),
    Answer(
        "api-clients list --fields name,created_by",
        0,
        "{schema: integer, api_clients: [{name: string, created_by: string}], total: integer}",
    ),
    Answer("api-clients show CLIENT", 0, "{schema: integer, api_client: <client>}"),
    Answer("api-clients show CLIENT --fields status", 0, "{schema: integer, api_client: {status: 'active'}}"),
    Answer("api-clients show lost", 4, NOT_FOUND),
    Answer("api-clients check < TOKEN", 0, "{schema: integer, allowed: boolean, api_client: <client>}"),
    Answer("api-clients check < TOKEN", 0, "{schema: integer, allowed: boolean, api_client: <used client>}"),
    Answer(
        "api-clients check < frontdesk_0",
        4,
        "{error: {code: 'not_found', reason: 'unknown', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "api-clients check",
        3,
        "{error: {code: 'invalid_answers', reason: null, message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "api-clients edit CLIENT --name Export --dry-run",
        0,
        "{schema: integer, result: 'updated', api_client: <used client>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "api-clients edit CLIENT --name Export",
        0,
        "{schema: integer, result: 'updated', api_client: <used client>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "api-clients edit CLIENT --name Export",
        0,
        "{schema: integer, result: 'unchanged', api_client: <used client>, emails: [], dry_run: boolean}",
    ),
    Answer("api-clients edit CLIENT", 2, USAGE),
    Answer("api-clients revoke CLIENT", 2, USAGE),
    Written("UPDATE api_clients SET expires_on = '2025-12-11'"),
    Answer(
        "api-clients check < TOKEN",
        6,
        "{error: {code: 'not_permitted', reason: 'expired', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer("api-clients edit CLIENT --name Import", 6, NOT_PERMITTED),
    Answer("api-clients show CLIENT --fields status", 0, "{schema: integer, api_client: {status: 'expired'}}"),
    Answer(
        "api-clients revoke CLIENT --dry-run",
        0,
        "{schema: integer, result: 'revoked', api_client: <revoked client>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "api-clients revoke CLIENT --yes",
        0,
        "{schema: integer, result: 'revoked', api_client: <revoked client>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "api-clients revoke CLIENT --yes",
        0,
        "{schema: integer, result: 'unchanged', api_client: <revoked client>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "api-clients check < TOKEN",
        6,
        "{error: {code: 'not_permitted', reason: 'revoked', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "api-clients delete CLIENT --dry-run",
        0,
        "{schema: integer, result: 'deleted', api_client: <revoked client>, emails: [], dry_run: boolean}",
    ),
    Answer(
        "api-clients delete CLIENT --yes",
        0,
        "{schema: integer, result: 'deleted', api_client: <revoked client>, emails: [], dry_run: boolean}",
    ),
    Answer("api-clients delete CLIENT --yes", 4, NOT_FOUND),
    Answer(
        "api-clients check < TOKEN",
        4,
        "{error: {code: 'not_found', reason: 'deleted', message: string, fields: [], hint: string}, exit: integer}",
    ),
    Answer(
        "activity list --per-page 1",
        0,
        "{schema: integer, entries: [{id: string, at: string, actor: <machine>, action: string, subject: <subject>,
          organisation: null, changes: [<last value>]}], total: integer, page: integer, pages: integer, per_page: integer}",
    ),
];

#[test]
fn answers_about_api_clients_have_their_keys() {
    every_answer_has_its_shape(API_CLIENTS);
}
