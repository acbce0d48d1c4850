//! An SMTP server for tokio.
