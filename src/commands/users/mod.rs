//! `frontdesk users`.

pub mod add;
pub mod delete;
pub mod edit;
pub mod exists;
pub mod list;
pub mod show;

use crate::domain::problem::Field;
use crate::domain::service::ServiceKind;
use crate::domain::user_answers::fields_of_new_user;

/// The questions about a user that a service asks.
fn fields_of(kind: ServiceKind) -> Vec<Field> {
    let asks_api_user = kind.has_api_users();
    fields_of_new_user(asks_api_user).into_iter().chain(asks_api_user.then_some(Field::Active)).collect()
}
