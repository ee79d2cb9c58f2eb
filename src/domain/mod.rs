//! What is true whoever asks and wherever it is kept: records, answers and the problems with
//! them, rules and refusals. Nothing here knows a terminal, a database, a clock or a flag parser.

pub mod account;
pub mod activity;
pub mod actor;
pub mod answers;
pub mod change;
pub mod characters;
pub mod check;
pub mod count;
pub mod damage;
pub mod database;
pub mod email_address;
pub mod email_template;
pub mod import;
pub mod mail_server;
pub mod name;
pub mod nearest;
pub mod notice;
pub mod organisation;
pub mod organisation_answers;
pub mod organisation_user;
pub mod organisation_user_answers;
pub mod page;
pub mod person;
pub mod problem;
pub mod refusal;
pub mod search;
pub mod secret;
pub mod sentence;
pub mod service;
pub mod sign_in;
pub mod user;
pub mod user_answers;
pub mod user_filter;
pub mod who;
pub mod yes_no;
