//! placeholder until the delivery branch is merged
use crate::ground::{address::Address, letter::MessageId, outcome::*};
use std::path::PathBuf;
pub struct Outgoing<'a> {
    pub reverse_path: Option<&'a Address>,
    pub recipient: &'a Address,
    pub raw: &'a [u8],
    pub message_id: &'a MessageId,
}
pub enum Transport {
    Maildir(PathBuf),
}
impl Transport {
    pub async fn deliver(&self, mail: &Outgoing<'_>) -> Outcome {
        let Transport::Maildir(dir) = self;
        let name = mail.message_id.as_str().replace('/', "_");
        let _ = std::fs::create_dir_all(dir.join("new"));
        match std::fs::write(dir.join("new").join(name), mail.raw) {
            Ok(()) => Outcome::Done(Answer::own("written")),
            Err(e) => Outcome::Later(Answer::own(e.to_string())),
        }
    }
}
