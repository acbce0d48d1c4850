//! Ground: pure values and functions. No sockets, files, SQL, clock or chance; those come in as arguments.

pub mod account;
pub mod address;
pub mod authentication;
pub mod automatic;
pub mod calendar;
pub mod compose;
pub mod config;
pub mod conversation;
pub mod duplicate;
pub mod facts;
pub mod html;
pub mod key;
pub mod language;
pub mod letter;
pub mod loops;
pub mod outcome;
pub mod phrase_book;
pub mod phrases;
pub mod reading;
pub mod reply_text;
pub mod routing;
pub mod secret;
pub mod segments;
pub mod smtp_outcome;
pub mod trace;
pub mod translation;
