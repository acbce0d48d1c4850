//! What a refusal means (RFC 3463): for the address, which may not be worth another try, and for the provider, who
//! wants to know what to do.

use crate::ground::{
    outcome::Answer,
    phrases::{Phrase, Tongue},
};

/// Days during which nothing is sent to an address after this answer; `None`: the answer says nothing about the address.
///
/// Only codes about the mailbox count: a text alone ("user unknown") is used for policy as well.
pub fn suppresses(answer: &Answer) -> Option<i64> {
    match answer.enhanced.as_deref()? {
        // No such mailbox, mailbox name not valid, has moved, no mail accepted there (RFC 7505).
        "5.1.1" | "5.1.3" | "5.1.6" | "5.1.10" => Some(90),
        // Disabled: it may come back.
        "5.2.1" => Some(14),
        _ => None,
    }
}

/// One sentence that says what to do, for what is known.
pub fn advice(answer: &Answer, tongue: Tongue) -> Option<String> {
    let enhanced = answer.enhanced.as_deref()?;
    let phrase = match enhanced {
        "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1" => NO_SUCH_ADDRESS,
        "5.2.2" | "4.2.2" => MAILBOX_FULL,
        "5.2.3" | "5.3.4" => TOO_BIG,
        "5.6.7" => BEYOND_ASCII,
        _ if enhanced.starts_with("5.7.") => POLICY,
        _ if enhanced.starts_with("5.6.") => CONTENT,
        _ => return None,
    };
    Some(phrase.say(tongue, ""))
}

const NO_SUCH_ADDRESS: Phrase = Phrase::new([
    "The address does not exist or no longer takes mail: reach the guest another way. Nothing more is sent to it until the guest writes again.",
    "L'adresse n'existe pas ou n'accepte plus de messages : joignez le client autrement. Plus rien ne lui est envoyé tant qu'il n'écrit pas de nouveau.",
    "La dirección no existe o ya no acepta correo: contacte con el huésped de otro modo. No se le envía nada más hasta que vuelva a escribir.",
    "Die Adresse gibt es nicht, oder sie nimmt keine Post mehr an: Erreichen Sie den Gast auf anderem Weg. Bis er wieder schreibt, wird nichts mehr an sie gesendet.",
    "L'indirizzo non esiste o non accetta più posta: contatta l'ospite in un altro modo. Non gli viene inviato altro finché non scrive di nuovo.",
    "O endereço não existe ou já não aceita correio: contacte o hóspede de outra forma. Nada mais lhe é enviado até que volte a escrever.",
]);
const MAILBOX_FULL: Phrase = Phrase::new([
    "The guest's mailbox is full: answer again later, or reach them another way.",
    "La boîte du client est pleine : répondez plus tard ou joignez-le autrement.",
    "El buzón del huésped está lleno: responda más tarde o contáctelo de otro modo.",
    "Das Postfach des Gastes ist voll: Antworten Sie später noch einmal oder erreichen Sie ihn auf anderem Weg.",
    "La casella dell'ospite è piena: rispondi più tardi o contattalo in un altro modo.",
    "A caixa do hóspede está cheia: responda mais tarde ou contacte-o de outra forma.",
]);
const TOO_BIG: Phrase = Phrase::new([
    "The mail is too big for the guest's server: send it again with fewer or smaller files.",
    "Le message est trop gros pour le serveur du client : renvoyez-le avec moins de fichiers ou des fichiers plus petits.",
    "El mensaje es demasiado grande para el servidor del huésped: envíelo con menos archivos o más pequeños.",
    "Die Nachricht ist zu groß für den Server des Gastes: Senden Sie sie mit weniger oder kleineren Dateien noch einmal.",
    "Il messaggio è troppo grande per il server dell'ospite: invialo con meno file o più piccoli.",
    "A mensagem é demasiado grande para o servidor do hóspede: envie-a com menos ficheiros ou mais pequenos.",
]);
const BEYOND_ASCII: Phrase = Phrase::new([
    "The guest's address has letters their server does not take in mail: ask for another address.",
    "L'adresse du client contient des lettres que le serveur n'accepte pas : demandez une autre adresse.",
    "La dirección del huésped tiene letras que el servidor no acepta: pida otra dirección.",
    "Die Adresse des Gastes enthält Zeichen, die der Server nicht annimmt: Bitten Sie um eine andere Adresse.",
    "L'indirizzo dell'ospite contiene lettere che il server non accetta: chiedi un altro indirizzo.",
    "O endereço do hóspede tem letras que o servidor não aceita: peça outro endereço.",
]);
const POLICY: Phrase = Phrase::new([
    "The guest's server refuses mail from this house by a rule of its own. Try without links and files; if it goes on, tell your administrator.",
    "Le serveur du client refuse les messages de cette maison selon ses propres règles. Essayez sans liens ni fichiers ; si cela continue, prévenez votre administrateur.",
    "El servidor del huésped rechaza por una regla propia el correo de esta casa. Pruebe sin enlaces ni archivos; si continúa, avise a su administrador.",
    "Der Server des Gastes lehnt Post dieses Hauses nach eigenen Regeln ab. Versuchen Sie es ohne Links und Dateien; bleibt es dabei, sagen Sie es Ihrem Administrator.",
    "Il server dell'ospite rifiuta per una sua regola la posta di questa casa. Prova senza link né file; se continua, avvisa l'amministratore.",
    "O servidor do hóspede recusa, por uma regra própria, o correio desta casa. Tente sem ligações nem ficheiros; se continuar, avise o seu administrador.",
]);
const CONTENT: Phrase = Phrase::new([
    "The guest's server does not take this content: send the text again without the files.",
    "Le serveur du client n'accepte pas ce contenu : renvoyez le texte sans les fichiers.",
    "El servidor del huésped no acepta este contenido: envíe el texto sin los archivos.",
    "Der Server des Gastes nimmt diesen Inhalt nicht an: Senden Sie den Text noch einmal ohne die Dateien.",
    "Il server dell'ospite non accetta questo contenuto: invia di nuovo il testo senza i file.",
    "O servidor do hóspede não aceita este conteúdo: envie o texto sem os ficheiros.",
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_about_the_mailbox_suppress_and_the_known_ones_have_advice() {
        for (enhanced, days, advised) in [
            (Some("5.1.1"), Some(90), "does not exist"),
            (Some("5.1.10"), Some(90), "does not exist"),
            (Some("5.2.1"), Some(14), "does not exist"),
            (Some("5.2.2"), None, "full"),
            (Some("5.3.4"), None, "too big"),
            (Some("5.7.1"), None, "rule of its own"),
            (Some("5.7.26"), None, "rule of its own"),
            (Some("5.6.0"), None, "content"),
            (Some("5.4.4"), None, ""),
            (None, None, ""),
        ] {
            let answer = Answer { enhanced: enhanced.map(str::to_owned), ..Answer::default() };
            assert_eq!(suppresses(&answer), days, "{enhanced:?}");
            let said = advice(&answer, Tongue::En).unwrap_or_default();
            assert!(
                said.contains(advised) && said.is_empty() == advised.is_empty(),
                "{enhanced:?}: {said}"
            );
        }
    }
}
