//! API clients: the list, and one of them with what can be done with it.

use super::list::Shelf;
use super::record::{Done, Start};
use super::{OpenDesk, nothing_changed};
use crate::commands::api_clients::{add, delete, edit, list, revoke};
use crate::domain::answers::Answers;
use crate::domain::api_client::{ApiClient, ApiClientStatus};
use crate::domain::london::day_in_full;
use crate::domain::page::Listing;
use crate::domain::search::Search;
use crate::error::{ErrorKind, Result};
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::paging::Paging;
use crate::ops::{api_clients, service};
use crate::output::table::Column;
use crate::world;

/// The list of the API clients that the actor may know of.
struct ApiClients {
    /// The actor could answer for one.
    may_add: bool,
}

impl Shelf for ApiClients {
    type Row = ApiClient;

    fn question(&self) -> &'static str {
        "Choose an API client, or what to do"
    }

    fn heading(&self) -> &'static str {
        "API clients"
    }

    fn nobody(&self, _search: Option<&Search>) -> String {
        list::NOBODY.to_owned()
    }

    fn find_question(&self) -> Option<&'static str> {
        None
    }

    fn listing(&self, desk: &mut Desk, _search: Option<&Search>, paging: Paging) -> Result<Listing<ApiClient>> {
        api_clients::list(desk, paging)
    }

    fn columns(&self) -> Vec<Column> {
        vec![Column::text(""), Column::text(""), Column::text(""), Column::text("")]
    }

    fn cells(&self, client: &ApiClient) -> Vec<String> {
        let expiry = day_in_full(client.details.expires_on);
        vec![client.details.name.clone(), client.status.label().to_owned(), expiry, client.created_by.name.clone()]
    }

    fn id<'row>(&self, client: &'row ApiClient) -> &'row str {
        &client.id
    }

    fn is_there(&self, desk: &mut Desk, client: &ApiClient) -> Result<bool> {
        match api_clients::show(desk, &client.id) {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
            shown => shown.map(|_| true),
        }
    }

    fn open(&self, desk: &mut OpenDesk<'_, '_>, client: &ApiClient) -> Result<Option<String>> {
        desk.browse_api_client(client)
    }

    fn add_label(&self) -> Option<&'static str> {
        self.may_add.then_some("Add API client")
    }

    /// The banner has the token: the next page, or another size of the window, is the last of it.
    fn add(&self, desk: &mut OpenDesk<'_, '_>) -> Result<Option<String>> {
        world::keep_memory_private();
        let options = ChangeOptions::default();
        let view = desk.session.view(desk.desk);
        let added = add::ask(desk.prompter, desk.desk, view, &mut Answers::default(), &options)?;
        let token = added.as_ref().and_then(|added| added.record.as_ref()?.token.clone());
        let shown = token.map(|token| [String::new(), token.reveal().to_owned(), String::new(), add::COPY.to_owned()]);
        let lines = shown.as_ref().map_or(&[][..], |lines| &lines[..]);
        Ok(Some(desk.done_and_told(added, add::WORDS, lines, |added, _desk| add::same(added, &options))))
    }
}

/// What can be done with one API client.
#[derive(Clone, Copy)]
enum Step {
    Rename,
    Revoke,
    Delete,
}

impl OpenDesk<'_, '_> {
    /// Shows the list of API clients until the person leaves.
    pub(super) fn browse_api_clients(&mut self, leave: &str) -> Result<()> {
        let may_add = service::whoami(self.desk)?.may_create_api_clients().is_ok();
        self.browse_list(&ApiClients { may_add }, leave)
    }

    fn browse_api_client(&mut self, listed: &ApiClient) -> Result<Option<String>> {
        let shown = |desk: &mut Self, banner: &str| {
            let client = api_clients::show(desk.desk, &listed.id)?;
            desk.say_details(&client, &[], banner)?;
            let rename = (client.status == ApiClientStatus::Active).then_some(("Change: Client name", Step::Rename));
            let revoke = (client.status != ApiClientStatus::Revoked).then_some(("Revoke API client", Step::Revoke));
            let steps = rename.into_iter().chain(revoke).chain([("Delete API client", Step::Delete)]);
            Ok((client, steps.map(|(label, step)| (label.to_owned(), step)).collect()))
        };
        self.at_record(Start::Back, shown, |desk, client, step| {
            Ok(match step {
                Step::Rename => Done::Stay(desk.rename_api_client(client)),
                Step::Revoke => Done::Stay(desk.revoke_api_client(client)),
                Step::Delete => desk.delete_api_client(client),
            })
        })
    }

    fn rename_api_client(&mut self, client: &ApiClient) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let view = self.session.view(self.desk);
        let edited = edit::ask(self.prompter, self.desk, view, client, true, &mut Answers::default(), &options)?;
        Ok(Some(self.done(edited, edit::WORDS, |edited, _desk| edit::same(edited, client, &options))))
    }

    fn revoke_api_client(&mut self, client: &ApiClient) -> Result<Option<String>> {
        let mut options = ChangeOptions::default();
        let revoked = revoke::ask(self.prompter, self.desk, client, &mut options)?;
        Ok(Some(self.done(revoked, revoke::WORDS, |_revoked, _desk| revoke::same(client, &options))))
    }

    fn delete_api_client(&mut self, client: &ApiClient) -> Done {
        let mut options = ChangeOptions::default();
        match delete::ask(self.prompter, self.desk, client, &mut options) {
            Ok(None) => Done::Stay(Ok(Some(nothing_changed()))),
            Ok(deleted) => Done::Gone(self.done(deleted, delete::WORDS, |_deleted, _desk| delete::same(client, &options))),
            Err(error) => Done::Stay(Err(error)),
        }
    }
}
