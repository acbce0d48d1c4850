//! Forms of a house's site: what was filled in comes as "From: … Subject: … Date: …", like the headers of a quoted mail, and
//! the visitor's words below it. A first letter with such a block is the form's, not an answer over an old mail.

use super::{
    attribution::has_address,
    header::is_rule,
    language::Field,
    line::Line,
    opener::{Kind, Opener},
};

/// What is known of a letter that answers nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct First {
    /// Whoever wrote it, or asks to be answered.
    pub(super) visitors: Vec<String>,
    /// Whom it was sent to.
    pub(super) recipients: Vec<String>,
    /// A mail server sent it, or nobody.
    pub(super) of_machine: bool,
    /// Its subject speaks of a form.
    pub(super) of_form: bool,
}

/// How forms announce what was filled in; folded.
#[rustfmt::skip]
const FORMS: &[&str] = &[
    "new enquiry", "new inquiry", "new booking", "new message", "new submission", "new reservation", "new request", "contact form", "form submission",
    "enquiry form", "inquiry form", "booking request", "from your website", "from your site",
    "neue anfrage", "neue nachricht", "neue buchung", "kontaktformular", "kontaktanfrage", "buchungsanfrage", "anfrageformular",
    "nouveau message", "nouvelle demande", "nouvelle réservation", "formulaire de contact", "de votre site", "demande de contact",
    "nueva consulta", "nuevo mensaje", "nueva reserva", "nueva solicitud", "formulario de contacto",
    "nuova richiesta", "nuovo messaggio", "nuova prenotazione", "modulo di contatto", "modulo contatti",
    "novo pedido", "nova mensagem", "nova reserva", "formulário de contacto", "formulário de contato",
    "nieuwe aanvraag", "nieuw bericht", "nieuwe boeking", "contactformulier", "nova consulta", "nou missatge", "formulari de contacte",
    "nowe zapytanie", "nowa wiadomość", "formularz kontaktowy", "nová zpráva", "kontaktní formulář", "ny forespørgsel", "ny besked", "kontaktformular",
    "ny melding", "kontaktskjema", "ny förfrågan", "nytt meddelande", "kontaktformulär", "uusi viesti", "yhteydenottolomake", "új üzenet", "kapcsolatfelvételi",
    "mesaj nou", "formular de contact", "yeni mesaj", "iletişim formu", "νέο μήνυμα", "φόρμα επικοινωνίας", "новая заявка", "новое сообщение", "форма обратной связи",
    "нове повідомлення", "форма зворотного", "新消息", "联系表单", "お問い合わせフォーム", "문의 양식",
];

/// Does a folded line speak of a form?
pub(super) fn speaks_of_form(folded: &str) -> bool {
    FORMS.iter().any(|f| folded.contains(f))
}

/// Is this block what was filled in, not the header of an old mail? It names the letter's own author, or a form stands
/// announced right above it.
pub(super) fn is_filled_in(lines: &[Line<'_>], opener: &Opener, first: &First) -> bool {
    if opener.sure || opener.kind != Kind::Header {
        return false;
    }
    let from = opener.fields.iter().find(|(field, _)| *field == Field::From);
    let own =
        from.is_some_and(|(_, at)| first.visitors.iter().any(|v| lines[*at].folded.contains(v)));
    let above: Vec<&Line<'_>> =
        lines[..opener.start].iter().filter(|l| !l.is_blank() && !is_rule(l, 3)).take(3).collect();
    let announced = first.of_form || above.iter().any(|l| speaks_of_form(&l.folded));
    own || announced && above.len() <= 2
}

/// Does this header block name somebody else, neither the letter's author nor one it was sent to? An answer quotes the
/// letter of whom it goes to; a letter that answers nothing brings a third one's.
pub(super) fn is_a_strangers(lines: &[Line<'_>], opener: &Opener, first: &First) -> bool {
    let Some((_, at)) = opener.fields.iter().find(|(field, _)| *field == Field::From) else {
        return false;
    };
    if first.of_machine || first.recipients.is_empty() {
        return false;
    }
    let names = &lines[*at].folded;
    has_address(names)
        && !first.visitors.iter().chain(&first.recipients).any(|known| names.contains(known))
}
