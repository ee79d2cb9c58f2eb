pub mod domain;
pub mod error;
pub mod exit;
pub mod world;
