//! Mails a program writes whole, without any header that says so: subject and sentence together are a program's own, each alone
//! a person may write.
//!
//! Sources: the templates of Outlook and Exchange (read receipts in words), Lotus Domino (absence).

use super::{CERTAIN, Evidence, Kind, fold::fold};
use crate::ground::letter::Letter;

struct Template {
    /// The folded subject begins or ends so.
    subject: &'static [&'static str],
    /// And the text holds one of each.
    text: [&'static [&'static str]; 2],
}

#[rustfmt::skip]
static TEMPLATES: &[Template] = &[
    // Domino
    Template {
        subject: &["is out of the office.", "is out of the office"],
        text: [&["i will be out of the office starting", "i am out of the office until"], &["will not return until", "i will respond to your message"]],
    },
    // Outlook: read, not read
    Template {
        subject: &["read:", "not read:"],
        text: [&["your message"], &["was read on", "was deleted without being read"]],
    },
    Template {
        subject: &["gelesen:", "ungelesen:", "nicht gelesen:"],
        text: [&["ihre nachricht"], &["gelesen.", "ungelesen geloscht", "wurde gelesen", "ohne gelesen zu werden"]],
    },
    Template {
        subject: &["lu :", "lu:", "non lu :", "non lu:"],
        text: [&["votre message"], &["a ete lu", "a ete supprime sans avoir ete lu"]],
    },
    Template {
        subject: &["leido:", "no leido:"],
        text: [&["el mensaje", "su mensaje"], &["fue leido", "se ha leido", "se elimino sin leer", "fue eliminado sin"]],
    },
    Template {
        subject: &["letto:", "non letto:", "da leggere:"],
        text: [&["messaggio"], &["e stato letto", "e stato eliminato senza"]],
    },
    Template {
        subject: &["lida:", "lido:", "nao lida:", "nao lido:"],
        text: [&["mensagem"], &["foi lida", "foi lido", "foi eliminada sem", "foi excluida sem"]],
    },
    Template {
        subject: &["gelezen:", "niet gelezen:"],
        text: [&["uw bericht"], &["is gelezen", "gelezen op", "verwijderd zonder"]],
    },
    Template {
        subject: &["przeczytano:", "nie przeczytano:"],
        text: [&["wiadomosc"], &["przeczytan", "usunieta bez"]],
    },
    Template {
        subject: &["last:", "laest:", "lest:", "oppnat:"],
        text: [&["meddelande", "meddelelse", "melding"], &["lastes", "blev laest", "ble lest", "ar last"]],
    },
];

/// What a program's template says.
pub(super) fn receipt(letter: &Letter) -> Option<Evidence> {
    let subject = fold(&letter.subject, 300);
    let mut fits = TEMPLATES
        .iter()
        .filter(|t| t.subject.iter().any(|s| subject.starts_with(s) || subject.ends_with(s)))
        .peekable();
    fits.peek()?;
    let text: String = letter
        .text()
        .lines()
        .filter(|l| !l.starts_with('>'))
        .take(40)
        .flat_map(|l| [l, " "])
        .collect();
    let text = fold(&text, 2000);
    let found = fits.find(|t| t.text.iter().all(|some| some.iter().any(|s| text.contains(s))))?;
    Some(Evidence::new(Kind::AutoReply, "subject:automatic", found.subject[0], CERTAIN))
}
