//! Ground: pure values and functions. No sockets, files, SQL, clock or chance; those come in as arguments.

pub mod address;
pub mod automatic;
pub mod calendar;
pub mod duplicate;
pub mod letter;
pub mod loops;
pub mod outcome;
