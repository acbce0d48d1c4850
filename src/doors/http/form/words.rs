//! The sentences of the form's page, one row a language.

use axum::http::{HeaderMap, header};

use crate::ground::account::Account;

/// The sentences of the page in one language.
pub(super) struct Words {
    pub(super) language: &'static str,
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) phone: &'static str,
    pub(super) subject: &'static str,
    pub(super) message: &'static str,
    pub(super) files: &'static str,
    pub(super) send: &'static str,
    pub(super) thanks: &'static str,
}

#[rustfmt::skip]
const WORDS: [Words; 8] = [
    Words { language: "en", name: "Name", email: "E-mail", phone: "Phone (optional)", subject: "Subject (optional)", message: "Message", files: "Files (optional)", send: "Send", thanks: "Thank you, your message was sent. The answer comes by e-mail." },
    Words { language: "fr", name: "Nom", email: "E-mail", phone: "Téléphone (facultatif)", subject: "Objet (facultatif)", message: "Message", files: "Fichiers (facultatif)", send: "Envoyer", thanks: "Merci, votre message a été envoyé. La réponse arrivera par e-mail." },
    Words { language: "es", name: "Nombre", email: "Correo electrónico", phone: "Teléfono (opcional)", subject: "Asunto (opcional)", message: "Mensaje", files: "Archivos (opcional)", send: "Enviar", thanks: "Gracias, su mensaje se ha enviado. La respuesta llegará por correo." },
    Words { language: "de", name: "Name", email: "E-Mail", phone: "Telefon (freiwillig)", subject: "Betreff (freiwillig)", message: "Nachricht", files: "Dateien (freiwillig)", send: "Senden", thanks: "Danke, Ihre Nachricht ist gesendet. Die Antwort kommt per E-Mail." },
    Words { language: "it", name: "Nome", email: "E-mail", phone: "Telefono (facoltativo)", subject: "Oggetto (facoltativo)", message: "Messaggio", files: "File (facoltativi)", send: "Invia", thanks: "Grazie, il messaggio è stato inviato. La risposta arriverà per e-mail." },
    Words { language: "pt", name: "Nome", email: "E-mail", phone: "Telefone (opcional)", subject: "Assunto (opcional)", message: "Mensagem", files: "Ficheiros (opcional)", send: "Enviar", thanks: "Obrigado, a sua mensagem foi enviada. A resposta chega por e-mail." },
    Words { language: "nl", name: "Naam", email: "E-mail", phone: "Telefoon (optioneel)", subject: "Onderwerp (optioneel)", message: "Bericht", files: "Bestanden (optioneel)", send: "Verzenden", thanks: "Dank u, uw bericht is verzonden. Het antwoord komt per e-mail." },
    Words { language: "ca", name: "Nom", email: "Correu electrònic", phone: "Telèfon (opcional)", subject: "Assumpte (opcional)", message: "Missatge", files: "Fitxers (opcional)", send: "Enviar", thanks: "Gràcies, el missatge s'ha enviat. La resposta arribarà per correu." },
];

pub(super) fn known(language: &str) -> Option<&'static Words> {
    let code = language.get(..2)?.to_ascii_lowercase();
    WORDS.iter().find(|words| words.language == code)
}

/// Where nothing else fits.
pub(super) fn english() -> &'static Words {
    &WORDS[0]
}

/// What the browser asks for, else the house's language, else English.
pub(super) fn words(headers: &HeaderMap, house: &Account) -> &'static Words {
    let accept =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let wanted = accept.split(',').find_map(|one| known(one.trim()));
    wanted.or_else(|| known(&house.language)).unwrap_or(&WORDS[0])
}
