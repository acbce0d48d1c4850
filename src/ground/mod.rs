//! Ground: pure values and functions. No sockets, files, SQL, clock or chance; those come in as arguments.

pub mod address;
pub mod facts;
pub mod language;
pub mod letter;
pub mod outcome;
pub mod phrase_book;
pub mod segments;
