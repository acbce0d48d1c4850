//! The whole vocabulary of the server, on one screen. A handler is free to answer in its own
//! words; it finds the usual ones here. Each constant occurs in a dialogue under `tests/`.

use crate::Reply;

// Going well.

/// After `MAIL`.
pub const SENDER_OK: Reply = Reply::new(250, (2, 1, 0), "Sender ok");
/// After `RCPT`.
pub const RECIPIENT_OK: Reply = Reply::new(250, (2, 1, 5), "Recipient ok");
/// After `DATA`. RFC 2034 gives no enhanced code to 3xx.
pub const SEND_MESSAGE: Reply = Reply::plain(354, "Send the message, end with <CRLF>.<CRLF>");
/// After a `BDAT` chunk that is not the last.
pub const CHUNK_OK: Reply = Reply::new(250, (2, 0, 0), "Chunk received");
/// The message is kept: the server is responsible for it now.
pub const MESSAGE_ACCEPTED: Reply = Reply::new(250, (2, 0, 0), "Message accepted");
/// After `RSET`, `NOOP`.
pub const OK: Reply = Reply::new(250, (2, 0, 0), "Ok");
/// After `VRFY`: RFC 5321, 3.5.3, neither yes nor no.
pub const CANNOT_VERIFY: Reply = Reply::new(252, (2, 1, 5), "Send the mail and see");
/// After `HELP`.
pub const HELP: Reply = Reply::new(214, (2, 0, 0), "See RFC 5321");
/// After `STARTTLS`.
pub const READY_FOR_TLS: Reply = Reply::new(220, (2, 0, 0), "Ready to start TLS");
/// After `QUIT`.
pub const GOODBYE: Reply = Reply::new(221, (2, 0, 0), "Goodbye");

// Goodbyes we say first: 421 and the connection ends (RFC 5321, 3.8).

/// The server is stopping.
pub const SHUTTING_DOWN: Reply = Reply::new(421, (4, 3, 2), "Shutting down, try again soon");
/// The client was silent for too long.
pub const TIMED_OUT: Reply = Reply::new(421, (4, 4, 2), "Timed out waiting for the client");
/// The peer, or all peers together, hold too many connections.
pub const TOO_MANY_CONNECTIONS: Reply =
    Reply::new(421, (4, 7, 0), "Too many connections, try again later");
/// Too many commands were refused.
pub const TOO_MANY_ERRORS: Reply = Reply::new(421, (4, 7, 0), "Too many errors");
/// Too many commands without a message.
pub const TOO_MANY_COMMANDS: Reply = Reply::new(421, (4, 7, 0), "Too many commands");
/// A message went on and on after it was refused for its size.
pub const TOO_MUCH_DATA: Reply = Reply::new(421, (4, 7, 0), "Far too much data");
/// A browser or a robot speaks HTTP.
pub const NOT_HTTP: Reply = Reply::new(421, (4, 7, 0), "This is a mail server");

// The client's mistakes.

/// A command longer than the limit; the whole of it was skipped.
pub const LINE_TOO_LONG: Reply = Reply::new(500, (5, 5, 2), "Line too long");
/// A command ended by a bare LF; all up to the next CRLF was skipped.
pub const BARE_LF: Reply = Reply::new(500, (5, 5, 2), "Lines must end in CRLF");
/// A command with control characters or bytes that are not UTF-8.
pub const NOT_TEXT: Reply = Reply::new(500, (5, 5, 2), "Commands must be text");
/// No such command.
pub const UNKNOWN_COMMAND: Reply = Reply::new(500, (5, 5, 1), "Command not recognized");
/// A command of an extension that is not offered.
pub const NOT_OFFERED: Reply = Reply::new(502, (5, 5, 1), "Command not offered");
/// A known command, badly formed.
pub const BAD_ARGUMENTS: Reply = Reply::new(501, (5, 5, 4), "Bad arguments");
/// `EHLO`, `HELO` or `LHLO` without a name.
pub const NAME_MISSING: Reply = Reply::new(501, (5, 5, 4), "Say your name");
/// `BDAT` whose size cannot be read: where its data ends is unknown, so the connection ends.
pub const BAD_CHUNK: Reply = Reply::new(501, (5, 5, 4), "Bad chunk size, closing");
/// The address in `MAIL` is none.
pub const BAD_SENDER: Reply = Reply::new(501, (5, 1, 7), "Bad sender address");
/// The address in `RCPT` is none.
pub const BAD_RECIPIENT: Reply = Reply::new(501, (5, 1, 3), "Bad recipient address");
/// A parameter of `MAIL` or `RCPT` that belongs to no offered extension (RFC 5321, 4.1.1.11).
pub const UNKNOWN_PARAMETER: Reply = Reply::new(555, (5, 5, 4), "Parameter not supported");
/// An address beyond ASCII without `SMTPUTF8` (RFC 6531, 3.5).
pub const SMTPUTF8_NEEDED: Reply = Reply::new(553, (5, 6, 7), "This address needs SMTPUTF8");
/// `MAIL` before any greeting.
pub const HELLO_FIRST: Reply = Reply::new(503, (5, 5, 1), "Say EHLO first");
/// `LHLO` in SMTP, `EHLO` in LMTP.
pub const WRONG_HELLO: Reply = Reply::new(500, (5, 5, 1), "Not the greeting of this protocol");
/// A second `MAIL` in one transaction.
pub const MAIL_ALREADY: Reply = Reply::new(503, (5, 5, 1), "Sender already given");
/// `RCPT` without `MAIL`.
pub const MAIL_FIRST: Reply = Reply::new(503, (5, 5, 1), "Say MAIL first");
/// `DATA` or `BDAT` without an accepted recipient.
pub const NO_RECIPIENTS: Reply = Reply::new(503, (5, 5, 1), "No valid recipients");
/// `MAIL`, `RCPT` or `DATA` between two chunks (RFC 3030, 2).
pub const CHUNKS_UNFINISHED: Reply = Reply::new(503, (5, 5, 1), "Finish with BDAT LAST or RSET");
/// `STARTTLS` under TLS.
pub const TLS_ALREADY: Reply = Reply::new(503, (5, 5, 1), "TLS is already in use");

// Limits, and what handlers say.

/// One recipient more than the limit: RFC 5321, 4.5.3.1.10 wants 452, so that the rest is sent in
/// another transaction.
pub const TOO_MANY_RECIPIENTS: Reply = Reply::new(452, (4, 5, 3), "Too many recipients");
/// Declared or found to be larger than the limit.
pub const MESSAGE_TOO_BIG: Reply = Reply::new(552, (5, 3, 4), "Message too big");
/// For handlers: nobody of that name.
pub const NO_SUCH_MAILBOX: Reply = Reply::new(550, (5, 1, 1), "No such mailbox");
/// For handlers: mail for others is not relayed.
pub const NO_RELAYING: Reply = Reply::new(550, (5, 7, 1), "Relaying denied");
/// For handlers: our trouble, not theirs.
pub const TROUBLE: Reply = Reply::new(451, (4, 3, 0), "Local trouble, try again later");
/// For handlers: no room on the disk.
pub const NO_SPACE: Reply = Reply::new(452, (4, 3, 1), "Insufficient storage, try again later");
