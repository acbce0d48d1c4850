//! Doors: the only users of sockets. A door translates between a wire and the flow; it never decides.

pub mod authenticate;
mod catalogue;
pub mod certificate;
pub mod channels;
pub mod cli;
pub mod courier;
pub mod delivery;
mod dns;
pub mod engines;
pub mod http;
mod json_client;
pub mod smtp;
