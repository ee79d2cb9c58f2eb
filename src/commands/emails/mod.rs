//! `frontdesk emails`.

pub mod cancel;
pub mod list;
pub mod resend;
pub mod retry;
pub mod send;
pub mod show;
pub mod test;
