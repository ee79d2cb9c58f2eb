pub mod domain;
pub mod error;
pub mod exit;
pub mod mail;
pub mod ops;
pub mod store;
pub mod world;
