//! The mail server that a run would use, with where each value came from.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::file::{PasswordEntry, SmtpEntry, Written};
use super::origin::{Origin, Sourced};
use super::paths::{Directories, named_in_file};
use super::settings::SettingRow;
use super::variables;
use crate::domain::email_address::EmailAddress;
use crate::domain::mail_server::{Login, MailServer, NamedFile, PasswordSource, Security};
use crate::domain::secret::Secret;
use crate::error::{Error, Result};
use crate::world::Environment;

const TIMEOUT: u64 = 10;

/// Everything about the mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    host: Sourced<String>,
    port: Sourced<u16>,
    security: Sourced<Security>,
    username: Option<Sourced<String>>,
    password: Option<PasswordSource>,
    sender: Option<Sourced<EmailAddress>>,
    certificates: Option<NamedFile>,
    timeout: Sourced<u64>,
    /// The line of `[smtp]`.
    place: String,
    file: PathBuf,
}

impl SmtpSettings {
    /// What the file and the environment make of it together.
    ///
    /// # Errors
    /// A variable or a path cannot be understood.
    pub fn resolve(entry: SmtpEntry, file: &Path, environment: &Environment, directories: Option<&Directories>) -> Result<Self> {
        let filed = || Origin::File(file.to_owned());
        let home = directories.map(|directories| directories.home.as_path());
        let named = |written: Written| match named_in_file(&written.text, file, home) {
            Some(path) => Ok(NamedFile { path, place: written.place }),
            None => Err(Error::unavailable(format!("{}: your home directory cannot be found", written.place)).hint("Give the whole path.")),
        };
        let given = variables::text(environment, variables::SMTP_PASSWORD)?;
        let password = match (given, entry.password) {
            (Some(password), _) => Some(PasswordSource::Given(Secret::new(password))),
            (None, Some(PasswordEntry::File(written))) => Some(PasswordSource::File(named(written)?)),
            (None, Some(PasswordEntry::Command(Written { text, place }))) => {
                Some(PasswordSource::Command { command: Secret::new(text), place })
            }
            (None, None) => None,
        };
        let security =
            entry.security.map_or_else(|| Sourced::new(Security::StartTls, Origin::Default), |value| Sourced::new(value, filed()));
        Ok(Self {
            port: entry.port.map_or_else(|| Sourced::new(security.value.usual_port(), Origin::Default), |port| Sourced::new(port, filed())),
            host: Sourced::new(entry.host, filed()),
            security,
            username: entry.username.map(|username| Sourced::new(username, filed())),
            password,
            sender: entry.sender.map(|sender| Sourced::new(sender, filed())),
            certificates: entry.certificates.map(named).transpose()?,
            timeout: entry.timeout.map_or_else(|| Sourced::new(TIMEOUT, Origin::Default), |seconds| Sourced::new(seconds, filed())),
            place: entry.place,
            file: file.to_owned(),
        })
    }

    /// The server, for somebody who is about to deliver.
    ///
    /// # Errors
    /// Unavailable: there is a username and no password.
    pub fn mail_server(&self) -> Result<MailServer> {
        let login = match (&self.username, &self.password) {
            (Some(username), Some(password)) => Some(Login { username: username.value.clone(), password: password.clone() }),
            (Some(_), None) => {
                return Err(Error::unavailable(format!("{}: ‘smtp’ has a username and no password", self.place)).hint(format!(
                    "Nothing was changed. Add ‘password_file’ or ‘password_command’, or set {}.",
                    variables::SMTP_PASSWORD
                )));
            }
            (None, _) => None,
        };
        Ok(MailServer {
            host: self.host.value.clone(),
            port: self.port.value,
            security: self.security.value,
            login,
            sender: self.sender.as_ref().map(|sender| sender.value.clone()),
            certificates: self.certificates.clone(),
            timeout: Duration::from_secs(self.timeout.value),
        })
    }

    /// The file that holds the password, or the command that tells it: that may hold one itself.
    pub fn secret_file(&self) -> Option<&Path> {
        match &self.password {
            Some(PasswordSource::File(named)) => Some(&named.path),
            Some(PasswordSource::Command { .. }) => Some(&self.file),
            Some(PasswordSource::Given(_)) | None => None,
        }
    }

    /// Each setting as `whoami` shows it; the password is none of them.
    pub fn rows(&self) -> Vec<SettingRow> {
        let row = |name, value: String, origin: &Origin| SettingRow { name, value: Some(value), origin: origin.to_string() };
        let mut rows = vec![
            row("smtp_host", self.host.value.clone(), &self.host.origin),
            row("smtp_port", self.port.value.to_string(), &self.port.origin),
            row("smtp_security", self.security.value.key().to_owned(), &self.security.origin),
            SettingRow {
                name: "smtp_username",
                value: self.username.as_ref().map(|username| username.value.clone()),
                origin: self.username.as_ref().map_or(&Origin::Default, |username| &username.origin).to_string(),
            },
        ];
        rows.extend(self.sender.as_ref().map(|sender| row("smtp_from", sender.value.to_string(), &sender.origin)));
        let file = Origin::File(self.file.clone());
        rows.extend(self.certificates.as_ref().map(|named| row("smtp_ca_file", named.path.display().to_string(), &file)));
        rows.push(row("smtp_timeout", self.timeout.value.to_string(), &self.timeout.origin));
        rows
    }
}
