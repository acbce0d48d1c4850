//! Persons behind a machine's headers: relayed by a booking platform, a contact form or a rule of Exchange, or written to the
//! house's own distribution address. What the machine said of itself is taken back, so that a visitor is never silenced.

use super::{Evidence, Hints, Kind, signals};
use crate::ground::{address::Address, letter::Letter};

/// Domains of booking platforms which relay what a person wrote; the channels read them, lists they are not.
static RELAYS: &[&str] = &[
    "guest.booking.com",
    "mchat.booking.com",
    "property.booking.com",
    "reply.airbnb.com",
    "guest.airbnb.com",
    "airbnb.com",
    "messages.homeaway.com",
    "messages.vrbo.com",
    "m.expediapartnercentral.com",
    "guest.agoda.com",
    "messages.tripadvisor.com",
    "guest.hostelworld.com",
    "messaging.hotels.com",
];

/// How forms on a site speak of what was filled in (folded beginnings of words in subject or text).
static FORM_WORDS: &[&str] = &[
    "form submission",
    "your form",
    "contact form",
    "enquiry form",
    "inquiry form",
    "web form",
    "website form",
    "new enquiry",
    "new inquiry",
    "kontaktformular",
    "anfrageformular",
    "formulaire",
    "formulario",
    "formulari ",
    "modulo di contatto",
    "contactformulier",
    "formularz",
    "formular",
    "kontaktskjema",
    "formulaer",
    "lomake",
    "urlap",
    "iletisim form",
    "φορμα",
    "форма обратной",
    "форми",
];

/// What forms ask a person for (folded).
#[rustfmt::skip]
static FIELDS: &[&str] = &[
    "name:", "vorname:", "nachricht:", "message:", "nom:", "prenom:", "nombre:", "mensaje:", "nome:", "messaggio:", "mensagem:", "naam:", "bericht:", "imie:", "wiadomosc:", "jmeno:", "zprava:", "navn:", "besked:", "namn:", "meddelande:", "nimi:", "viesti:", "nev:", "uzenet:",
    "nume:", "mesaj:", "ονομα:", "μηνυμα:", "имя:", "сообщение:", "ім'я:", "повідомлення:", "お名前:", "内容:", "姓名:", "이름:",
];

/// Takes back what a relay said of itself.
pub(super) fn keep_visitors(letter: &Letter, hints: &Hints<'_>, found: &mut Vec<Evidence>) {
    let relayed = letter.from.iter().chain(&letter.reply_to).any(|m| {
        let domain = m.address.domain();
        RELAYS.contains(&domain)
    });
    let list = letter
        .header("List-Id")
        .or_else(|| letter.header("List-Post"))
        .unwrap_or_default()
        .to_lowercase();
    let house = hints.account_domains.iter().any(|d| {
        let d = d.to_lowercase();
        list.contains(&format!(".{d}")) || list.contains(&format!("@{d}"))
    });
    if relayed || house {
        found.retain(|e| e.kind != Kind::List);
    }
    redirected(letter, found);
    if let Some(visitor) = form_visitor(letter, found) {
        found.retain(|e| !FORM_FIELDS.contains(&e.signal.as_str()));
        found.push(Evidence::new(Kind::Person, "form:reply-to", &visitor.to_string(), 50));
    }
}

/// An inbox rule of Exchange marks what it redirects as it marks what it answers; but an answer answers something.
fn redirected(letter: &Letter, found: &mut [Evidence]) {
    let by_rule = found.iter().any(|e| {
        e.signal.starts_with("header:X-MS-Exchange-Inbox-Rules-Loop")
            || e.signal.starts_with("header:X-MS-Exchange-Generated-Message-Source")
    });
    let resent = letter.header("Resent-From").is_some();
    if !by_rule || answers(letter) && !resent {
        return;
    }
    for evidence in found.iter_mut().filter(|e| e.kind == Kind::AutoReply) {
        let generated = evidence.signal == "header:Auto-Submitted"
            && evidence.value.to_lowercase().starts_with("auto-generated");
        if generated || evidence.signal.starts_with("header:X-MS-Exchange-") {
            evidence.weight = evidence.weight.min(10);
        }
    }
}

/// What programs behind forms put on every mail they send.
const FORM_FIELDS: &[&str] = &[
    "header:Auto-Submitted",
    "header:Precedence",
    "header:X-Auto-Response-Suppress",
    "header:List-Unsubscribe",
    "header:List-Unsubscribe-Post",
    "header:Feedback-ID",
    "from:no-reply",
];

/// Who filled in a form: it writes in the site's name, in answer to nothing, and asks to answer somebody elsewhere. A
/// newsletter does so too, so where a field of lists stands the text must speak of a form or name the visitor.
fn form_visitor(letter: &Letter, found: &[Evidence]) -> Option<Address> {
    let visitor = &letter.reply_to.first()?.address;
    let site = letter.author()?.address.domain();
    let local: String = visitor.local().to_lowercase().replace(['.', '-', '_'], "");
    let apart = visitor.domain() != site
        && !visitor.domain().ends_with(&format!(".{site}"))
        && !site.ends_with(&format!(".{}", visitor.domain()));
    let answer = found.iter().any(|e| {
        e.signal == "header:Auto-Submitted" && e.value.to_lowercase().starts_with("auto-replied")
    });
    let list = found.iter().any(|e| e.kind == Kind::List && !FORM_FIELDS.contains(&&*e.signal));
    if letter.reply_to.len() != 1
        || !apart
        || signals::is_unread(&local)
        || answers(letter)
        || answer
        || list
    {
        return None;
    }
    let spoken = || {
        let text: String = letter.text().chars().take(5000).collect();
        let folded = super::fold::fold(&format!("{}\n{text}", letter.subject), 5000);
        FORM_WORDS.iter().any(|word| folded.contains(word))
            || folded.contains(&visitor.to_string().to_lowercase())
    };
    let marked = found.iter().any(|e| e.kind == Kind::List);
    (!marked || spoken()).then(|| visitor.clone())
}

/// Is this what somebody filled in on a site: fields with their values, an address to answer, or the words of a form?
pub(super) fn fills_in(text: &str, letter: &Letter) -> bool {
    let field = |line: &&str| {
        line.split_once(':').is_some_and(|(name, value)| {
            (1..=30).contains(&name.trim().chars().count())
                && !value.trim().is_empty()
                && !value.starts_with("//")
        })
    };
    let folded = super::fold::fold(&format!("{}\n{text}", letter.subject), 5000);
    // "Name:" on a line of its own, its value below.
    let label = |line: &&str| {
        let line = line.trim();
        line.strip_suffix([':', '：']).is_some_and(|name| (1..=30).contains(&name.chars().count()))
    };
    // One field is enough where a person is asked for.
    let personal = || {
        FIELDS.iter().any(|field| {
            folded
                .match_indices(field)
                .any(|(at, _)| !folded[..at].ends_with(char::is_alphanumeric))
        })
    };
    let elsewhere =
        letter.reply_to.iter().any(|m| !letter.from.iter().any(|f| f.address == m.address));
    elsewhere
        || text.lines().filter(|line| field(line) || label(line)).take(2).count() == 2
        || personal()
        || FORM_WORDS.iter().any(|word| folded.contains(word))
}

/// Does the letter answer another?
pub(super) fn answers(letter: &Letter) -> bool {
    !letter.in_reply_to.is_empty() || !letter.references.is_empty()
}
