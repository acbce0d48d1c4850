//! Secrets at rest: what is sealed with the house's secret is nothing without that file.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::ground::secret::Secret;

/// Seals and opens for one purpose: what was sealed for another does not open.
#[derive(Debug)]
pub struct Sealer(Option<LessSafeKey>);

/// The cipher or the source of random bits failed, or the text was sealed with another secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it was sealed with another secret, or was changed")]
pub struct NotOpened;

impl Sealer {
    /// For a purpose, such as `connections`.
    pub fn new(secret: &Secret, purpose: &str) -> Self {
        let key = secret.sign(purpose, &[]);
        Sealer(UnboundKey::new(&AES_256_GCM, &key).ok().map(LessSafeKey::new))
    }

    /// A nonce and the sealed text; `context` must be the same when it is opened.
    pub fn seal(&self, context: &str, text: &str) -> Result<Vec<u8>, NotOpened> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| NotOpened)?;
        let mut bytes = text.as_bytes().to_vec();
        let key = self.0.as_ref().ok_or(NotOpened)?;
        let unique = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(unique, Aad::from(context), &mut bytes)
            .map_err(|_| NotOpened)?;
        Ok([nonce.to_vec(), bytes].concat())
    }

    /// The text.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<String, NotOpened> {
        let (nonce, bytes) = sealed.split_at_checked(NONCE_LEN).ok_or(NotOpened)?;
        let mut bytes = bytes.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotOpened)?;
        let key = self.0.as_ref().ok_or(NotOpened)?;
        let opened =
            key.open_in_place(nonce, Aad::from(context), &mut bytes).map_err(|_| NotOpened)?;
        String::from_utf8(opened.to_vec()).map_err(|_| NotOpened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_purpose_and_context_open() {
        let sealer = Sealer::new(&Secret::new([7; 32]), "settings");
        let sealed = sealer.seal("password", "hunter2").unwrap();
        assert_eq!(sealer.open("password", &sealed), Ok("hunter2".to_owned()));
        assert_ne!(sealer.seal("password", "hunter2").unwrap(), sealed);
        assert_eq!(sealer.open("key", &sealed), Err(NotOpened));
        let other = Sealer::new(&Secret::new([8; 32]), "settings");
        assert_eq!(other.open("password", &sealed), Err(NotOpened));
        assert_eq!(
            Sealer::new(&Secret::new([7; 32]), "x").open("password", &sealed),
            Err(NotOpened)
        );
        assert_eq!(sealer.open("password", &sealed[..9]), Err(NotOpened));
    }
}
