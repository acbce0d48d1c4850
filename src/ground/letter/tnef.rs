//! winmail.dat.

pub(super) struct File {
    pub(super) name: String,
    pub(super) media_type: String,
    pub(super) content_id: Option<String>,
    pub(super) content: Vec<u8>,
}

pub(super) struct Opened {
    pub(super) plain: Option<String>,
    pub(super) html: Option<String>,
    pub(super) files: Vec<File>,
}

pub(super) fn read(_bytes: &[u8]) -> Option<Opened> {
    None
}
