#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

// In reading order: what the user says, what the wire says, what runs.
mod config;
mod handler;
mod path;
pub mod replies;
mod reply;

mod command;
mod data;
mod lines;
mod oddities;
mod session;

mod connection;
mod counts;
mod input;
mod proxy;
mod server;
mod transfer;

pub use config::{Config, Limits, Mode, ProxyProtocol, Timeouts, Tls, TlsSource};
pub use data::{DataReader, Progress};
pub use handler::{
    Answer, Body, DataSummary, Envelope, Handler, MailFrom, Notify, OriginalRecipient, Peer,
    Protocol, RcptTo, Ret, SessionInfo, Sink, TlsInfo,
};
pub use oddities::Oddities;
pub use path::Path;
pub use reply::Reply;
pub use server::{run, serve};

/// The version of rustls whose `ServerConfig` is wanted.
pub use rustls;
