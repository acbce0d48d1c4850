//! Sentences that are kept in English, where journal, index and API show them, and said to people in the language of
//! their house. What another server said in its own words stays as it is.

use super::phrases::{Phrase, Tongue};

impl Phrase {
    /// In English, as journal, index and API keep it.
    pub fn kept(self, argument: &str) -> String {
        self.say(Tongue::En, argument)
    }

    /// The argument with which somebody said this in English; empty where it has none. `None`: they said another.
    fn argument_in(self, said: &str) -> Option<&str> {
        let english = self.kept("{}");
        match english.split_once("{}") {
            Some((before, after)) => said.strip_prefix(before)?.strip_suffix(after),
            None => (said == english).then_some(""),
        }
    }
}

/// Our sentences stand in each other so deep at most; what goes deeper was written by a stranger.
const DEEPEST: usize = 4;

/// A kept sentence in the house's language, where it is one of ours.
pub fn said(sentence: &str, tongue: Tongue) -> String {
    said_within(sentence, tongue, DEEPEST)
}

fn said_within(sentence: &str, tongue: Tongue, deep: usize) -> String {
    let found = ALL.iter().find_map(|phrase| Some((phrase, phrase.argument_in(sentence)?)));
    match found {
        // The argument may be a sentence of ours again.
        Some((phrase, argument)) if !argument.is_empty() && deep > 0 => {
            phrase.say(tongue, &said_within(argument, tongue, deep - 1))
        }
        Some((phrase, argument)) => phrase.say(tongue, argument),
        None => sentence.to_owned(),
    }
}

/// One that begins with whom it is about: `john@guest.example: …`.
pub fn said_of(sentence: &str, tongue: Tongue) -> String {
    match sentence.split_once(": ") {
        Some((about, rest)) if about.contains('@') => format!("{about}: {}", said(rest, tongue)),
        _ => said(sentence, tongue),
    }
}

/// Whoever may be its author.
pub const MANY_AUTHORS: Phrase = Phrase::new([
    "it does not name exactly one author",
    "le message ne nomme pas un seul auteur",
    "el mensaje no nombra a un único autor",
    "die Nachricht nennt nicht genau einen Absender",
    "il messaggio non indica un solo autore",
    "a mensagem não indica um único autor",
]);

/// Nothing could be found out.
pub const UNCHECKED: Phrase = Phrase::new([
    "the sender could not be checked",
    "l'expéditeur n'a pas pu être vérifié",
    "no se pudo comprobar el remitente",
    "der Absender konnte nicht geprüft werden",
    "non è stato possibile verificare il mittente",
    "não foi possível verificar o remetente",
]);

/// Nor by asking.
pub const DNS_SILENT: Phrase = Phrase::new([
    "DNS did not answer, so the sender could not be checked",
    "le DNS n'a pas répondu, l'expéditeur n'a donc pas pu être vérifié",
    "el DNS no respondió, así que no se pudo comprobar el remitente",
    "das DNS hat nicht geantwortet, der Absender konnte nicht geprüft werden",
    "il DNS non ha risposto, quindi non è stato possibile verificare il mittente",
    "o DNS não respondeu, por isso não foi possível verificar o remetente",
]);

/// A domain that denies the mail.
pub const DISOWNED: Phrase = Phrase::new([
    "{} does not vouch for this mail (DMARC failed)",
    "{} ne reconnaît pas ce message (échec DMARC)",
    "{} no reconoce este correo (DMARC falló)",
    "{} steht für diese Nachricht nicht ein (DMARC fehlgeschlagen)",
    "{} non riconosce questo messaggio (DMARC fallito)",
    "{} não reconhece esta mensagem (o DMARC falhou)",
]);

/// A domain that says nothing about the mail.
pub const UNPROVEN: Phrase = Phrase::new([
    "neither a DKIM signature nor SPF proves that it comes from {}",
    "ni signature DKIM ni SPF ne prouvent que le message vient de {}",
    "ni una firma DKIM ni SPF prueban que el mensaje venga de {}",
    "weder eine DKIM-Signatur noch SPF belegt, dass die Nachricht von {} kommt",
    "né una firma DKIM né SPF provano che il messaggio provenga da {}",
    "nem uma assinatura DKIM nem o SPF provam que a mensagem venha de {}",
]);

/// Somebody else wrote.
pub const WRITTEN_BY: Phrase = Phrase::new([
    "it was written by {}",
    "le message a été écrit par {}",
    "el mensaje lo escribió {}",
    "die Nachricht wurde von {} geschrieben",
    "il messaggio è stato scritto da {}",
    "a mensagem foi escrita por {}",
]);

/// A strict member, and what there was instead.
pub const ONLY_DMARC: Phrase = Phrase::new([
    "only DMARC counts for this member, and there was {}",
    "seul DMARC compte pour ce membre, et il y avait {}",
    "para este miembro solo cuenta DMARC, y había {}",
    "bei diesem Mitglied zählt nur DMARC, und es gab {}",
    "per questo membro conta solo DMARC, e c'era {}",
    "para este membro só conta o DMARC, e havia {}",
]);

/// A method, and whose.
pub const BY_DMARC: Phrase = Phrase::new([
    "DMARC of {}",
    "DMARC de {}",
    "DMARC de {}",
    "DMARC von {}",
    "DMARC di {}",
    "DMARC de {}",
]);
/// A method, and whose.
pub const BY_DKIM: Phrase = Phrase::new([
    "DKIM signature of {}",
    "une signature DKIM de {}",
    "una firma DKIM de {}",
    "eine DKIM-Signatur von {}",
    "una firma DKIM di {}",
    "uma assinatura DKIM de {}",
]);
/// A method, and whose.
pub const BY_SPF: Phrase =
    Phrase::new(["SPF of {}", "SPF de {}", "SPF de {}", "SPF von {}", "SPF di {}", "SPF de {}"]);

/// A program with a token, by its name.
pub const API_TOKEN: Phrase = Phrase::new([
    "API token {}",
    "jeton d'API {}",
    "token de API {}",
    "API-Token {}",
    "token API {}",
    "token da API {}",
]);

/// A read-only member answered.
pub const ONLY_READS: Phrase = Phrase::new([
    "{} may read here but not answer: nothing was sent",
    "{} peut lire ici mais pas répondre : rien n'a été envoyé",
    "{} puede leer aquí, pero no responder: no se envió nada",
    "{} darf hier lesen, aber nicht antworten: es wurde nichts gesendet",
    "{} può leggere ma non rispondere: non è stato inviato nulla",
    "{} pode ler, mas não responder: nada foi enviado",
]);

/// Somebody who is a member no more.
pub const FORMER_MEMBER: Phrase = Phrase::new([
    "{} wrote to the reply address of a removed member: nothing was sent",
    "{} a écrit à l'adresse de réponse d'un ancien membre : rien n'a été envoyé",
    "{} escribió a la dirección de respuesta de un antiguo miembro: no se envió nada",
    "{} hat an die Antwortadresse eines früheren Mitglieds geschrieben: es wurde nichts gesendet",
    "{} ha scritto all'indirizzo di risposta di un ex membro: non è stato inviato nulla",
    "{} escreveu para o endereço de resposta de um antigo membro: nada foi enviado",
]);

/// A platform's name on a mail that is not the platform's.
pub const MAYBE_FRAUD: Phrase = Phrase::new([
    "it may be a fraud: {}",
    "il peut s'agir d'une fraude : {}",
    "puede ser un fraude: {}",
    "es kann ein Betrug sein: {}",
    "potrebbe essere una frode: {}",
    "pode ser uma fraude: {}",
]);

/// An address nothing goes to.
pub const LOOP: Phrase = Phrase::new([
    "{} is not written to: it looks like a loop of machines",
    "on n'écrit pas à {} : cela ressemble à une boucle de machines",
    "no se escribe a {}: parece un bucle de máquinas",
    "an {} wird nicht geschrieben: es sieht nach einer Schleife von Maschinen aus",
    "non si scrive a {}: sembra un ciclo di macchine",
    "não se escreve para {}: parece um ciclo de máquinas",
]);

/// An attempt that was cut off.
pub const CUT_OFF: Phrase = Phrase::new([
    "Relais was stopped in the middle of this attempt",
    "Relais a été arrêté au milieu de cette tentative",
    "Relais se detuvo en medio de este intento",
    "Relais wurde mitten in diesem Versuch beendet",
    "Relais è stato fermato nel mezzo di questo tentativo",
    "o Relais foi parado a meio desta tentativa",
]);

/// The second part of a reply whose first did not arrive.
pub const PART_BEFORE: Phrase = Phrase::new([
    "the part of the reply before it was not taken",
    "la partie précédente de la réponse n'a pas été acceptée",
    "la parte anterior de la respuesta no fue aceptada",
    "der Teil der Antwort davor wurde nicht angenommen",
    "la parte precedente della risposta non è stata accettata",
    "a parte anterior da resposta não foi aceite",
]);

/// A copy that must not send twice.
pub const COPIED: Phrase = Phrase::new([
    "it waited when this copy was made; relais queue retry sends it",
    "elle attendait lorsque cette copie a été faite ; relais queue retry l'envoie",
    "estaba en espera cuando se hizo esta copia; relais queue retry la envía",
    "sie wartete, als diese Kopie gemacht wurde; relais queue retry sendet sie",
    "era in attesa quando è stata fatta questa copia; relais queue retry la invia",
    "estava à espera quando esta cópia foi feita; relais queue retry envia-a",
]);

/// A channel nobody posts to for now.
pub const PAUSED: Phrase = Phrase::new([
    "the connection is paused",
    "la connexion est en pause",
    "la conexión está en pausa",
    "die Verbindung ist angehalten",
    "la connessione è in pausa",
    "a ligação está em pausa",
]);

/// A domain without a server that answers.
pub const NO_EXCHANGER: Phrase = Phrase::new([
    "{}: no mail exchanger could be reached",
    "{} : aucun serveur de messagerie n'est joignable",
    "{}: no se pudo contactar con ningún servidor de correo",
    "{}: kein Mailserver ist zu erreichen",
    "{}: nessun server di posta è raggiungibile",
    "{}: não foi possível contactar nenhum servidor de correio",
]);

/// RFC 7505.
pub const NULL_MX: Phrase = Phrase::new([
    "{} takes no mail (null MX)",
    "{} n'accepte aucun e-mail (null MX)",
    "{} no acepta correo (null MX)",
    "{} nimmt keine E-Mails an (null MX)",
    "{} non accetta posta (null MX)",
    "{} não aceita correio (null MX)",
]);

/// A domain that is none.
pub const NO_DOMAIN: Phrase = Phrase::new([
    "the domain {} does not exist",
    "le domaine {} n'existe pas",
    "el dominio {} no existe",
    "die Domain {} gibt es nicht",
    "il dominio {} non esiste",
    "o domínio {} não existe",
]);

/// Nobody answers.
pub const NO_CONNECTION: Phrase = Phrase::new([
    "connecting timed out",
    "la connexion n'a pas abouti à temps",
    "la conexión tardó demasiado",
    "die Verbindung kam nicht zustande",
    "la connessione non è riuscita in tempo",
    "a ligação demorou demasiado",
]);

/// Somebody answered and fell silent.
pub const NO_ANSWER: Phrase = Phrase::new([
    "waiting for a reply timed out",
    "le serveur n'a pas répondu à temps",
    "el servidor no respondió a tiempo",
    "der Server hat nicht rechtzeitig geantwortet",
    "il server non ha risposto in tempo",
    "o servidor não respondeu a tempo",
]);

/// Somebody answered and left.
pub const CLOSED: Phrase = Phrase::new([
    "the server closed the connection",
    "le serveur a fermé la connexion",
    "el servidor cerró la conexión",
    "der Server hat die Verbindung beendet",
    "il server ha chiuso la connessione",
    "o servidor fechou a ligação",
]);

/// The worst moment to lose a line.
pub const AFTER_DOT: Phrase = Phrase::new([
    "the connection was lost after the final dot: {}",
    "la connexion a été perdue après l'envoi : {}",
    "la conexión se perdió después de enviarlo: {}",
    "die Verbindung riss nach dem Senden ab: {}",
    "la connessione è caduta dopo l'invio: {}",
    "a ligação perdeu-se depois do envio: {}",
]);

/// No secrecy, no mail.
pub const HANDSHAKE: Phrase = Phrase::new([
    "the TLS handshake failed: {}",
    "la négociation TLS a échoué : {}",
    "la negociación TLS falló: {}",
    "der TLS-Handschlag ist fehlgeschlagen: {}",
    "la negoziazione TLS è fallita: {}",
    "a negociação TLS falhou: {}",
]);

/// Who, in the audit log: an administrator.
pub const COMMAND_LINE: Phrase = Phrase::new([
    "command line",
    "ligne de commande",
    "línea de comandos",
    "Kommandozeile",
    "riga di comando",
    "linha de comandos",
]);

/// As which user of the machine.
pub const COMMAND_LINE_OF: Phrase = Phrase::new([
    "command line ({})",
    "ligne de commande ({})",
    "línea de comandos ({})",
    "Kommandozeile ({})",
    "riga di comando ({})",
    "linha de comandos ({})",
]);

/// Sentences that are nothing but their argument's frame come last: the first that fits is said.
const ALL: [&Phrase; 29] = [
    &MANY_AUTHORS,
    &UNCHECKED,
    &DNS_SILENT,
    &CUT_OFF,
    &PART_BEFORE,
    &COPIED,
    &PAUSED,
    &NO_CONNECTION,
    &NO_ANSWER,
    &CLOSED,
    &MAYBE_FRAUD,
    &AFTER_DOT,
    &HANDSHAKE,
    &ONLY_DMARC,
    &UNPROVEN,
    &WRITTEN_BY,
    &NO_DOMAIN,
    &BY_DMARC,
    &BY_DKIM,
    &BY_SPF,
    &API_TOKEN,
    &COMMAND_LINE,
    &COMMAND_LINE_OF,
    &DISOWNED,
    &ONLY_READS,
    &FORMER_MEMBER,
    &LOOP,
    &NO_EXCHANGER,
    &NULL_MX,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_in_english_is_said_in_the_language_of_the_house() {
        let de = |sentence: &str| said_of(sentence, Tongue::De);
        for (kept, expected) in [
            (
                DISOWNED.kept("guest.example"),
                "guest.example steht für diese Nachricht nicht ein (DMARC fehlgeschlagen)",
            ),
            (
                MAYBE_FRAUD.kept(&UNCHECKED.kept("")),
                "es kann ein Betrug sein: der Absender konnte nicht geprüft werden",
            ),
            (
                ONLY_DMARC.kept(&BY_SPF.kept("pousada.example")),
                "bei diesem Mitglied zählt nur DMARC, und es gab SPF von pousada.example",
            ),
            (
                format!("john@guest.example: {}", CLOSED.kept("")),
                "john@guest.example: der Server hat die Verbindung beendet",
            ),
            (
                "john@guest.example: 550 no such user".to_owned(),
                "john@guest.example: 550 no such user",
            ),
            ("Nao foi".to_owned(), "Nao foi"),
        ] {
            assert_eq!(de(&kept), expected);
        }
        // A stranger's server may say anything, and much of it.
        let nested = de(&MAYBE_FRAUD.kept("").repeat(50_000));
        assert!(nested.starts_with("es kann ein Betrug sein: es kann"), "{}", &nested[..80]);
    }

    #[test]
    fn every_sentence_is_known_again_and_by_itself_only() {
        for phrase in ALL {
            let kept = phrase.kept("x@y.example");
            let fits: Vec<_> = ALL.iter().filter(|p| p.argument_in(&kept).is_some()).collect();
            assert_eq!(fits.len(), 1, "{kept}");
            assert_eq!(said(&kept, Tongue::En), kept);
            assert_ne!(said(&kept, Tongue::Pt), kept);
        }
    }
}
