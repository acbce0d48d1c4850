//! The few sentences Relais itself writes into mails, in the house's or the visitor's language.
//!
//! One row a sentence and one column a language, so that a missing translation does not compile (line budget: a table).

/// The languages Relais itself speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// English, and every language we have no sentences for.
    En,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// German.
    De,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
}

impl Tongue {
    /// The tongue for a two-letter code.
    pub fn of(language: &str) -> Self {
        match language.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("fr") => Tongue::Fr,
            Some("es") => Tongue::Es,
            Some("de") => Tongue::De,
            Some("it") => Tongue::It,
            Some("pt") => Tongue::Pt,
            _ => Tongue::En,
        }
    }
}

/// A sentence; `{}` stands for its one argument.
#[derive(Clone, Copy, Debug)]
pub struct Phrase([&'static str; 6]);

impl Phrase {
    /// In the order of [`Tongue`].
    pub const fn new(sentences: [&'static str; 6]) -> Self {
        Phrase(sentences)
    }

    /// The sentence in a tongue, with its argument.
    pub fn say(self, tongue: Tongue, argument: &str) -> String {
        let Phrase([en, fr, es, de, it, pt]) = self;
        let sentence = match tongue {
            Tongue::En => en,
            Tongue::Fr => fr,
            Tongue::Es => es,
            Tongue::De => de,
            Tongue::It => it,
            Tongue::Pt => pt,
        };
        sentence.replace("{}", argument)
    }

    /// Is this text the sentence with its argument, in any tongue?
    pub fn is_said_by(self, text: &str, argument: &str) -> bool {
        self.0.iter().any(|sentence| sentence.replace("{}", argument) == text)
    }
}

/// The subject of a message that has none; the visitor's name.
pub const MESSAGE_FROM: Phrase = Phrase([
    "Message from {}",
    "Message de {}",
    "Mensaje de {}",
    "Nachricht von {}",
    "Messaggio da {}",
    "Mensagem de {}",
]);

/// Below a notification.
pub const REPLY_TO_ANSWER: Phrase = Phrase([
    "Reply to this mail to answer {}.",
    "Répondez à cet e-mail pour répondre à {}.",
    "Responda a este correo para contestar a {}.",
    "Antworten Sie auf diese Mail, um {} zu antworten.",
    "Rispondi a questa mail per rispondere a {}.",
    "Responda a este e-mail para responder a {}.",
]);

/// Before the link of the verb *done*.
pub const NO_REPLY_NEEDED: Phrase = Phrase([
    "No reply needed: {}",
    "Aucune réponse nécessaire : {}",
    "No hace falta responder: {}",
    "Keine Antwort nötig: {}",
    "Nessuna risposta necessaria: {}",
    "Não é preciso responder: {}",
]);

/// Before the link of the verb *note*.
pub const NOTE_TO_SELF: Phrase = Phrase([
    "Note to the house, never sent: {}",
    "Note pour la maison, jamais envoyée : {}",
    "Nota para la casa, nunca enviada: {}",
    "Notiz für das Haus, wird nie gesendet: {}",
    "Nota per la casa, mai inviata: {}",
    "Nota para a casa, nunca enviada: {}",
]);

/// A member gets no news by mail; {} is their address.
pub const MAILED_NO_MORE: Phrase = Phrase([
    "New messages are no longer mailed to {}. They are in the inbox.",
    "Les nouveaux messages ne sont plus envoyés à {}. Ils sont dans la boîte de réception.",
    "Los mensajes nuevos ya no se envían a {}. Están en la bandeja de entrada.",
    "Neue Nachrichten werden nicht mehr an {} geschickt. Sie stehen im Posteingang.",
    "I nuovi messaggi non vengono più inviati a {}. Sono nella posta in arrivo.",
    "As novas mensagens já não são enviadas para {}. Estão na caixa de entrada.",
]);

/// A member gets the news by mail; {} is their address.
pub const MAILED_AGAIN: Phrase = Phrase([
    "New messages are mailed to {}.",
    "Les nouveaux messages sont envoyés à {}.",
    "Los mensajes nuevos se envían a {}.",
    "Neue Nachrichten werden an {} geschickt.",
    "I nuovi messaggi vengono inviati a {}.",
    "As novas mensagens são enviadas para {}.",
]);

/// The button that ends them.
pub const MAIL_NO_MORE: Phrase = Phrase([
    "Mail them no more {}",
    "Ne plus les envoyer {}",
    "No enviarlos más {}",
    "Nicht mehr schicken {}",
    "Non inviarli più {}",
    "Não enviar mais {}",
]);

/// The button that begins them.
pub const MAIL_AGAIN: Phrase = Phrase([
    "Mail them again {}",
    "Les envoyer de nouveau {}",
    "Enviarlos de nuevo {}",
    "Wieder schicken {}",
    "Inviarli di nuovo {}",
    "Enviar novamente {}",
]);

/// Before the link of the verb *as written*.
pub const REPLY_AS_WRITTEN: Phrase = Phrase([
    "Your reply will be translated. To send it as written: {}",
    "Votre réponse sera traduite. Pour l'envoyer telle quelle : {}",
    "Su respuesta se traducirá. Para enviarla tal cual: {}",
    "Ihre Antwort wird übersetzt. Unübersetzt senden: {}",
    "La tua risposta sarà tradotta. Per inviarla così com'è: {}",
    "A sua resposta será traduzida. Para a enviar tal como está: {}",
]);

/// Before the link of the verb *as written*, where no engine could translate a reply.
pub const REPLY_UNTRANSLATED: Phrase = Phrase([
    "Your reply cannot be translated here either. To send it as written: {}",
    "Votre réponse ne peut pas non plus être traduite ici. Pour l'envoyer telle quelle : {}",
    "Su respuesta tampoco se puede traducir aquí. Para enviarla tal cual: {}",
    "Auch Ihre Antwort kann hier nicht übersetzt werden. Unübersetzt senden: {}",
    "Neanche la tua risposta può essere tradotta qui. Per inviarla così com'è: {}",
    "A sua resposta também não pode ser traduzida aqui. Para a enviar tal como está: {}",
]);

/// Before the link of the verb *translated*.
pub const REPLY_TRANSLATED: Phrase = Phrase([
    "To have your reply translated: {}",
    "Pour faire traduire votre réponse : {}",
    "Para que su respuesta se traduzca: {}",
    "Antwort übersetzen lassen: {}",
    "Per far tradurre la tua risposta: {}",
    "Para que a sua resposta seja traduzida: {}",
]);

/// Between a visitor's message in translation and the message itself; the language it was written in.
pub const ORIGINAL_BELOW: Phrase = Phrase([
    "Translated automatically from {}. The original:",
    "Traduit automatiquement ({}). L'original :",
    "Traducido automáticamente ({}). El original:",
    "Automatisch übersetzt ({}). Das Original:",
    "Tradotto automaticamente ({}). L'originale:",
    "Traduzido automaticamente ({}). O original:",
]);

/// Above a visitor's message that could not be translated; the reason.
pub const NO_TRANSLATION: Phrase = Phrase([
    "There is no translation of this message: {}",
    "Il n'y a pas de traduction de ce message : {}",
    "No hay traducción de este mensaje: {}",
    "Zu dieser Nachricht gibt es keine Übersetzung: {}",
    "Non c'è una traduzione di questo messaggio: {}",
    "Não há tradução desta mensagem: {}",
]);

/// In a reply, between the translation and the original; the house and the language it wrote.
pub const HOUSE_WROTE: Phrase = Phrase([
    "{} wrote this; it was translated automatically. The original:",
    "{} a écrit ceci ; le texte a été traduit automatiquement. L'original :",
    "{} ha escrito esto; se ha traducido automáticamente. El original:",
    "{} hat dies geschrieben; es wurde automatisch übersetzt. Das Original:",
    "{} ha scritto questo; è stato tradotto automaticamente. L'originale:",
    "{} escreveu isto; foi traduzido automaticamente. O original:",
]);

/// Above the original of a reply whose translation a person wrote or approved; the house and its language.
pub const HOUSE_WROTE_BOTH: Phrase = Phrase([
    "{} wrote this. In their own words:",
    "{} a écrit ceci. Dans sa langue :",
    "{} ha escrito esto. En sus propias palabras:",
    "{} hat dies geschrieben. Im Original:",
    "{} ha scritto questo. In originale:",
    "{} escreveu isto. No original:",
]);

/// Beside a translation of an engine whose output is rough.
pub const ROUGH: Phrase = Phrase([
    "The translation is rough and may be wrong in places.",
    "La traduction est approximative et peut être fausse par endroits.",
    "La traducción es aproximada y puede contener errores.",
    "Die Übersetzung ist grob und kann stellenweise falsch sein.",
    "La traduzione è approssimativa e può contenere errori.",
    "A tradução é aproximada e pode ter erros.",
]);

/// Above an original; its language.
pub const ORIGINAL: Phrase = Phrase([
    "The original ({}):",
    "L'original ({}) :",
    "El original ({}):",
    "Das Original ({}):",
    "L'originale ({}):",
    "O original ({}):",
]);

/// Below the original of a translated reply; the link.
pub const READ_OTHERWISE: Phrase = Phrase([
    "Read this in another language: {}",
    "Lire ceci dans une autre langue : {}",
    "Leer esto en otro idioma: {}",
    "In einer anderen Sprache lesen: {}",
    "Leggere in un'altra lingua: {}",
    "Ler isto noutra língua: {}",
]);

/// Above a reply that should have been translated; the house.
pub const NOT_TRANSLATED: Phrase = Phrase([
    "{} answers in their own language, please excuse that there is no translation.",
    "{} répond dans sa langue ; veuillez excuser l'absence de traduction.",
    "{} responde en su idioma; disculpe que no haya traducción.",
    "{} antwortet in der eigenen Sprache; bitte entschuldigen Sie die fehlende Übersetzung.",
    "{} risponde nella propria lingua; ci scusiamo per la mancanza di una traduzione.",
    "{} responde na sua própria língua; pedimos desculpa pela falta de tradução.",
]);

/// Above the translation in a receipt; the visitor and the language.
pub const RECEIPT: Phrase = Phrase([
    "This is what {} reads:",
    "Voici ce que lit {} :",
    "Esto es lo que lee {}:",
    "Das liest {}:",
    "Ecco che cosa legge {}:",
    "É isto que {} lê:",
]);

/// Above the back-translation in a receipt; how many facts were checked.
pub const BACK_TRANSLATED: Phrase = Phrase([
    "Translated back, for you to compare (facts checked: {}):",
    "Retraduit, pour comparer (données vérifiées : {}) :",
    "Traducido de vuelta, para comparar (datos comprobados: {}):",
    "Zurückübersetzt, zum Vergleichen (geprüfte Angaben: {}):",
    "Ritradotto, per confrontare (dati verificati: {}):",
    "Traduzido de volta, para comparar (dados verificados: {}):",
]);

/// Before the link of a receipt; how many seconds are left.
pub const SENT_SOON: Phrase = Phrase([
    "It is sent in {} seconds. Stop it, send it as written or edit it in the inbox:",
    "Envoi dans {} secondes. L'arrêter, l'envoyer telle quelle ou la modifier dans la boîte de réception :",
    "Se envía en {} segundos. Detenerla, enviarla tal cual o editarla en la bandeja:",
    "Sie wird in {} Sekunden gesendet. Anhalten, unübersetzt senden oder im Posteingang bearbeiten:",
    "Sarà inviata fra {} secondi. Fermarla, inviarla così com'è o modificarla nella posta in arrivo:",
    "É enviada dentro de {} segundos. Parar, enviar tal como está ou editar na caixa de entrada:",
]);

/// Subject of a receipt; the conversation's subject.
pub const TRANSLATED_SUBJECT: Phrase = Phrase([
    "Translated: {}",
    "Traduit : {}",
    "Traducido: {}",
    "Übersetzt: {}",
    "Tradotto: {}",
    "Traduzido: {}",
]);

/// Subject of the question about a reply that was not translated; the conversation's subject.
pub const NOT_TRANSLATED_YET: Phrase = Phrase([
    "Not sent, it could not be translated: {}",
    "Pas envoyé, traduction impossible : {}",
    "No enviado, no se pudo traducir: {}",
    "Nicht gesendet, Übersetzung nicht möglich: {}",
    "Non inviato, impossibile tradurre: {}",
    "Não enviado, não foi possível traduzir: {}",
]);

/// The question itself; why.
pub const CANNOT_TRANSLATE: Phrase = Phrase([
    "This reply was not sent yet, because its translation is not safe or not possible: {}",
    "Cette réponse n'a pas encore été envoyée, car sa traduction n'est pas sûre ou pas possible : {}",
    "Esta respuesta aún no se ha enviado, porque su traducción no es segura o no es posible: {}",
    "Diese Antwort wurde noch nicht gesendet, weil ihre Übersetzung nicht sicher oder nicht möglich ist: {}",
    "Questa risposta non è stata ancora inviata, perché la traduzione non è sicura o non è possibile: {}",
    "Esta resposta ainda não foi enviada, porque a tradução não é segura ou não é possível: {}",
]);

/// Why a reply that was to be translated did not leave.
pub const LANGUAGE_UNKNOWN: Phrase = Phrase([
    "Nobody knows yet which language the guest reads. Set it in the inbox and send again, or answer as written.",
    "On ne sait pas encore quelle langue lit le client. Indiquez-la dans la boîte de réception et renvoyez, ou répondez tel quel.",
    "Aún no se sabe qué idioma lee el huésped. Indíquelo en la bandeja y vuelva a enviar, o responda tal cual.",
    "Noch weiß niemand, welche Sprache der Gast liest. Stellen Sie sie im Posteingang ein und senden Sie noch einmal, oder antworten Sie unübersetzt.",
    "Non si sa ancora quale lingua legga l'ospite. Impostala nella posta in arrivo e invia di nuovo, oppure rispondi così com'è.",
    "Ainda não se sabe que língua lê o hóspede. Indique-a na caixa de entrada e envie de novo, ou responda tal como está.",
]);

/// Above the draft of a translation that is not sent; the language.
pub const DRAFT: Phrase = Phrase([
    "The draft of the translation ({}):",
    "Le brouillon de la traduction ({}) :",
    "El borrador de la traducción ({}):",
    "Der Entwurf der Übersetzung ({}):",
    "La bozza della traduzione ({}):",
    "O rascunho da tradução ({}):",
]);

/// Before the link of the question.
pub const DECIDE: Phrase = Phrase([
    "Send it as written, edit it in the inbox or throw it away: {}",
    "L'envoyer telle quelle, la modifier dans la boîte de réception ou la jeter : {}",
    "Enviarla tal cual, editarla en la bandeja o descartarla: {}",
    "Unübersetzt senden, im Posteingang bearbeiten oder verwerfen: {}",
    "Inviarla così com'è, modificarla nella posta in arrivo o eliminarla: {}",
    "Enviar tal como está, editar na caixa de entrada ou deitar fora: {}",
]);

/// A held reply nobody confirmed; its text.
pub const HOLD_EXPIRED: Phrase = Phrase([
    "This reply was held and nobody confirmed it, so it was thrown away. Write it again if it was yours:\n\n{}",
    "Cette réponse était retenue et personne ne l'a confirmée : elle a été jetée. Écrivez-la à nouveau si elle venait de vous :\n\n{}",
    "Esta respuesta estaba retenida y nadie la confirmó, así que se descartó. Escríbala de nuevo si era suya:\n\n{}",
    "Diese Antwort wurde zurückgehalten und von niemandem bestätigt; sie wurde verworfen. Schreiben Sie sie neu, wenn sie von Ihnen war:\n\n{}",
    "Questa risposta era trattenuta e nessuno l'ha confermata, quindi è stata eliminata. Riscrivila se era tua:\n\n{}",
    "Esta resposta estava retida e ninguém a confirmou, por isso foi deitada fora. Escreva-a de novo se era sua:\n\n{}",
]);

/// Above a copy to the other members; who answered.
pub const ANSWERED: Phrase = Phrase([
    "{} answered:",
    "{} a répondu :",
    "{} ha respondido:",
    "{} hat geantwortet:",
    "{} ha risposto:",
    "{} respondeu:",
]);

/// Another person than the visitor wrote; name and address.
pub const ANOTHER_PERSON: Phrase = Phrase([
    "Note: this was written by another person than the guest, {}.",
    "Remarque : ceci a été écrit par une autre personne que le client, {}.",
    "Nota: esto lo escribió otra persona, no el huésped: {}.",
    "Hinweis: Das schrieb eine andere Person als der Gast, {}.",
    "Nota: questo è stato scritto da un'altra persona, non dall'ospite: {}.",
    "Nota: isto foi escrito por outra pessoa que não o hóspede: {}.",
]);

/// Subject of a failure notice; the conversation's subject.
pub const NOT_DELIVERED: Phrase = Phrase([
    "Not delivered: {}",
    "Non remis : {}",
    "No entregado: {}",
    "Nicht zugestellt: {}",
    "Non consegnato: {}",
    "Não entregue: {}",
]);

/// Under a message with a calendar invitation; what it is about.
pub const INVITATION: Phrase = Phrase([
    "Invitation: {}",
    "Invitation : {}",
    "Invitación: {}",
    "Einladung: {}",
    "Invito: {}",
    "Convite: {}",
]);

/// The same where it is called off.
pub const CANCELLED_INVITATION: Phrase = Phrase([
    "Cancelled: {}",
    "Annulé : {}",
    "Cancelado: {}",
    "Abgesagt: {}",
    "Annullato: {}",
    "Cancelado: {}",
]);

/// Under a message with files that may run; their names.
pub const DANGEROUS_FILES: Phrase = Phrase([
    "Careful with {}: it may be a program or contain one. Open it only if you expected it.",
    "Prudence avec {} : ce peut être un programme ou en contenir un. Ne l'ouvrez que si vous l'attendiez.",
    "Cuidado con {}: puede ser un programa o contenerlo. Ábralo solo si lo esperaba.",
    "Vorsicht mit {}: Es kann ein Programm sein oder eines enthalten. Öffnen Sie es nur, wenn Sie es erwartet haben.",
    "Attenzione a {}: può essere un programma o contenerne uno. Aprilo solo se lo aspettavi.",
    "Cuidado com {}: pode ser um programa ou conter um. Abra-o só se o esperava.",
]);

/// Subject of a confirmation; the house.
pub const CONFIRMATION_SUBJECT: Phrase = Phrase([
    "We have your message: {}",
    "Nous avons reçu votre message : {}",
    "Hemos recibido su mensaje: {}",
    "Wir haben Ihre Nachricht: {}",
    "Abbiamo ricevuto il tuo messaggio: {}",
    "Recebemos a sua mensagem: {}",
]);

/// Body of a confirmation; the house.
pub const CONFIRMATION: Phrase = Phrase([
    "Your message from the contact form has reached {}. The answer comes by e-mail.\n\nTo add something, just reply to this mail. If you did not write to us, somebody typed in your address by mistake: there is nothing to do.",
    "Votre message envoyé par le formulaire est bien arrivé : {}. La réponse viendra par e-mail.\n\nPour ajouter quelque chose, répondez simplement à ce message. Si vous ne nous avez pas écrit, quelqu'un a saisi votre adresse par erreur : il n'y a rien à faire.",
    "Su mensaje del formulario ha llegado a {}. La respuesta llegará por correo.\n\nPara añadir algo, responda a este mensaje. Si no nos ha escrito, alguien puso su dirección por error: no tiene que hacer nada.",
    "Ihre Nachricht aus dem Kontaktformular ist angekommen: {}. Die Antwort kommt per E-Mail.\n\nMöchten Sie etwas ergänzen, antworten Sie einfach auf diese Mail. Haben Sie uns nicht geschrieben, hat jemand Ihre Adresse versehentlich eingegeben: Sie müssen nichts tun.",
    "Il tuo messaggio dal modulo è arrivato a {}. La risposta arriverà per e-mail.\n\nPer aggiungere qualcosa, rispondi a questo messaggio. Se non ci hai scritto, qualcuno ha inserito il tuo indirizzo per errore: non devi fare nulla.",
    "A sua mensagem do formulário chegou a {}. A resposta chega por e-mail.\n\nPara acrescentar algo, responda a este e-mail. Se não nos escreveu, alguém indicou o seu endereço por engano: não precisa de fazer nada.",
]);

/// Body of a failure notice; what the other side said.
pub const REPLY_FAILED: Phrase = Phrase([
    "Your reply could not be delivered to the guest. The mail server said: {}",
    "Votre réponse n'a pas pu être remise au client. Le serveur a dit : {}",
    "Su respuesta no se pudo entregar al huésped. El servidor dijo: {}",
    "Ihre Antwort konnte dem Gast nicht zugestellt werden. Der Mailserver sagte: {}",
    "La tua risposta non è stata consegnata all'ospite. Il server ha detto: {}",
    "A sua resposta não pôde ser entregue ao hóspede. O servidor disse: {}",
]);

/// Subject of a delay notice; the conversation's subject.
pub const STILL_TRYING: Phrase = Phrase([
    "Still trying: {}",
    "Nous essayons encore : {}",
    "Seguimos intentándolo: {}",
    "Wir versuchen es weiter: {}",
    "Ci stiamo ancora provando: {}",
    "Ainda a tentar: {}",
]);

/// Body of a delay notice; what the other side said.
pub const REPLY_DELAYED: Phrase = Phrase([
    "Your reply has not been delivered yet; Relais keeps trying for five days. The last answer was: {}",
    "Votre réponse n'est pas encore remise ; Relais essaie encore pendant cinq jours. Dernière réponse : {}",
    "Su respuesta aún no se ha entregado; Relais lo intenta durante cinco días. Última respuesta: {}",
    "Ihre Antwort ist noch nicht zugestellt; Relais versucht es fünf Tage lang weiter. Letzte Antwort: {}",
    "La tua risposta non è ancora consegnata; Relais riprova per cinque giorni. Ultima risposta: {}",
    "A sua resposta ainda não foi entregue; o Relais tenta durante cinco dias. Última resposta: {}",
]);

/// Subject of a notice about a reply whose end nobody knows; the conversation's subject.
pub const PERHAPS_DELIVERED: Phrase = Phrase([
    "Perhaps not delivered: {}",
    "Peut-être pas remis : {}",
    "Quizá no entregado: {}",
    "Vielleicht nicht zugestellt: {}",
    "Forse non consegnato: {}",
    "Talvez não entregue: {}",
]);

/// Body of that notice; what happened.
pub const REPLY_UNKNOWN: Phrase = Phrase([
    "Nobody knows whether your reply has reached the guest, so it is not sent a second time. If they do not answer, write again. What happened: {}",
    "Personne ne sait si votre réponse est arrivée chez le client ; elle n'est donc pas envoyée une seconde fois. S'il ne répond pas, écrivez-lui de nouveau. Ce qui s'est passé : {}",
    "No se sabe si su respuesta llegó al huésped, por eso no se envía por segunda vez. Si no contesta, escríbale de nuevo. Lo que pasó: {}",
    "Niemand weiß, ob Ihre Antwort beim Gast angekommen ist; deshalb wird sie kein zweites Mal gesendet. Meldet er sich nicht, schreiben Sie noch einmal. Was geschah: {}",
    "Nessuno sa se la tua risposta è arrivata all'ospite, perciò non viene inviata una seconda volta. Se non risponde, scrivi di nuovo. Che cosa è successo: {}",
    "Ninguém sabe se a sua resposta chegou ao hóspede, por isso não é enviada segunda vez. Se não responder, escreva de novo. O que aconteceu: {}",
]);

/// Subject of the question about a held reply; the conversation's subject.
pub const NOT_SENT_YET: Phrase = Phrase([
    "Not sent yet, was it you? {}",
    "Pas encore envoyé, était-ce vous ? {}",
    "Aún no enviado, ¿fue usted? {}",
    "Noch nicht gesendet, waren Sie das? {}",
    "Non ancora inviato, eri tu? {}",
    "Ainda não enviado, foi você? {}",
]);

/// Body of the question about a held reply; what was found.
pub const WAS_IT_YOU: Phrase = Phrase([
    "This reply was not sent yet, because we are not sure that it is yours: {}",
    "Cette réponse n'a pas encore été envoyée, car nous ne sommes pas sûrs qu'elle vienne de vous : {}",
    "Esta respuesta aún no se ha enviado, porque no estamos seguros de que sea suya: {}",
    "Diese Antwort wurde noch nicht gesendet, weil wir nicht sicher sind, dass sie von Ihnen ist: {}",
    "Questa risposta non è stata ancora inviata, perché non siamo sicuri che sia tua: {}",
    "Esta resposta ainda não foi enviada, porque não temos a certeza de que seja sua: {}",
]);

/// Before the link that sends a held reply.
pub const YES_SEND: Phrase = Phrase([
    "Yes, that was me, send it: {}",
    "Oui, c'était moi, envoyer : {}",
    "Sí, fui yo, enviar: {}",
    "Ja, das war ich, senden: {}",
    "Sì, ero io, invia: {}",
    "Sim, fui eu, enviar: {}",
]);

/// A conversation without a reply address; the OTA's page.
pub const ANSWER_IN_OTA: Phrase = Phrase([
    "This message cannot be answered by mail. Answer it here: {}",
    "Ce message ne peut pas recevoir de réponse par e-mail. Répondez ici : {}",
    "Este mensaje no se puede contestar por correo. Responda aquí: {}",
    "Diese Nachricht lässt sich nicht per E-Mail beantworten. Antworten Sie hier: {}",
    "A questo messaggio non si può rispondere per e-mail. Rispondi qui: {}",
    "Esta mensagem não pode ser respondida por e-mail. Responda aqui: {}",
]);

/// A visitor without any address.
pub const NO_WAY_TO_ANSWER: Phrase = Phrase([
    "The guest left no address, so no answer can reach them.",
    "Le client n'a pas laissé d'adresse : aucune réponse ne peut lui parvenir.",
    "El huésped no dejó ninguna dirección, así que ninguna respuesta puede llegarle.",
    "Der Gast hat keine Adresse hinterlassen, eine Antwort kann ihn nicht erreichen.",
    "L'ospite non ha lasciato un indirizzo: nessuna risposta può raggiungerlo.",
    "O hóspede não deixou endereço, por isso nenhuma resposta lhe pode chegar.",
]);

/// A closed reply window; the day.
pub const REPLY_WINDOW_CLOSED: Phrase = Phrase([
    "Answers were possible until {}. Write from the booking platform's own pages instead.",
    "Il était possible de répondre jusqu'au {}. Écrivez depuis les pages de la plateforme de réservation.",
    "Se podía responder hasta el {}. Escriba desde las páginas de la plataforma de reservas.",
    "Antworten war bis {} möglich. Schreiben Sie stattdessen auf den Seiten der Buchungsplattform.",
    "Era possibile rispondere fino al {}. Scrivi dalle pagine della piattaforma di prenotazione.",
    "Era possível responder até {}. Escreva a partir das páginas da plataforma de reservas.",
]);

/// A file without words.
pub const FILE_NEEDS_TEXT: Phrase = Phrase([
    "This channel takes no empty message: write a sentence and send it again.",
    "Ce canal n'accepte pas de message vide : écrivez une phrase et renvoyez.",
    "Este canal no admite mensajes vacíos: escriba una frase y envíelo de nuevo.",
    "Dieser Kanal nimmt keine leere Nachricht: Schreiben Sie einen Satz dazu und senden Sie erneut.",
    "Questo canale non accetta messaggi vuoti: scrivi una frase e invia di nuovo.",
    "Este canal não aceita mensagens vazias: escreva uma frase e envie de novo.",
]);

/// The house has no plan with messaging; the visitor's own address, after a space and in brackets, or nothing.
pub const NOT_IN_PLAN: Phrase = Phrase([
    "Your plan has no messaging any more, so this reply was not sent. Write to the guest directly{}; everything is kept for the day the plan changes.",
    "Votre formule ne comprend plus la messagerie : cette réponse n'est pas partie. Écrivez directement au client{} ; tout est gardé pour le jour où la formule change.",
    "Su plan ya no incluye la mensajería: esta respuesta no se ha enviado. Escriba directamente al huésped{}; todo se guarda para el día en que cambie el plan.",
    "Ihr Tarif enthält keine Nachrichten mehr, diese Antwort ging nicht hinaus. Schreiben Sie dem Gast direkt{}; alles bleibt aufbewahrt, bis sich der Tarif ändert.",
    "Il tuo piano non comprende più i messaggi: questa risposta non è partita. Scrivi direttamente all'ospite{}; tutto resta conservato fino al cambio di piano.",
    "O seu plano já não inclui mensagens: esta resposta não saiu. Escreva diretamente ao hóspede{}; tudo fica guardado para o dia em que o plano mudar.",
]);

/// A file the channel does not take; its name.
pub const FILE_NOT_TAKEN: Phrase = Phrase([
    "This channel does not take the file {}. Send the reply again without it.",
    "Ce canal n'accepte pas le fichier {}. Renvoyez la réponse sans lui.",
    "Este canal no admite el archivo {}. Envíe la respuesta de nuevo sin él.",
    "Dieser Kanal nimmt die Datei {} nicht. Senden Sie die Antwort ohne sie noch einmal.",
    "Questo canale non accetta il file {}. Invia di nuovo la risposta senza di esso.",
    "Este canal não aceita o ficheiro {}. Envie a resposta de novo sem ele.",
]);

/// Files too big together; the limit.
pub const FILES_TOO_BIG: Phrase = Phrase([
    "This channel takes at most {} of files. Send smaller ones.",
    "Ce canal accepte au plus {} de fichiers. Envoyez-en de plus petits.",
    "Este canal admite como máximo {} en archivos. Envíe otros más pequeños.",
    "Dieser Kanal nimmt höchstens {} an Dateien. Senden Sie kleinere.",
    "Questo canale accetta al massimo {} di file. Inviane di più piccoli.",
    "Este canal aceita no máximo {} de ficheiros. Envie outros mais pequenos.",
]);

/// More files than the channel takes; how many it takes.
pub const TOO_MANY_FILES: Phrase = Phrase([
    "This channel takes at most {} files in a message.",
    "Ce canal accepte au plus {} fichiers par message.",
    "Este canal admite como máximo {} archivos por mensaje.",
    "Dieser Kanal nimmt höchstens {} Dateien je Nachricht.",
    "Questo canale accetta al massimo {} file per messaggio.",
    "Este canal aceita no máximo {} ficheiros por mensagem.",
]);

/// The last day on which an answer is taken, below a notification.
pub const ANSWER_BEFORE: Phrase = Phrase([
    "The booking platform takes answers until {}.",
    "La plateforme de réservation accepte les réponses jusqu'au {}.",
    "La plataforma de reservas admite respuestas hasta el {}.",
    "Die Buchungsplattform nimmt Antworten bis {} an.",
    "La piattaforma di prenotazione accetta risposte fino al {}.",
    "A plataforma de reservas aceita respostas até {}.",
]);

/// What a platform does to a long answer, below a notification.
pub const LONGER_IS_SPLIT: Phrase = Phrase([
    "A reply of more than {} characters arrives as several messages.",
    "Une réponse de plus de {} caractères arrive en plusieurs messages.",
    "Una respuesta de más de {} caracteres llega como varios mensajes.",
    "Eine Antwort von mehr als {} Zeichen kommt als mehrere Nachrichten an.",
    "Una risposta di più di {} caratteri arriva come più messaggi.",
    "Uma resposta com mais de {} caracteres chega em várias mensagens.",
]);

/// What a platform does to links, below a notification.
pub const LINKS_FILTERED: Phrase = Phrase([
    "The platform takes out links that it has not approved.",
    "La plateforme retire les liens qu'elle n'a pas approuvés.",
    "La plataforma quita los enlaces que no ha aprobado.",
    "Die Plattform entfernt Links, die sie nicht freigegeben hat.",
    "La piattaforma toglie i link che non ha approvato.",
    "A plataforma retira as ligações que não aprovou.",
]);

/// A form whose unseen field was filled in, below the request.
pub const PERHAPS_A_ROBOT: Phrase = Phrase([
    "Perhaps a robot filled in your form: a field that people do not see was filled in too.",
    "Un robot a peut-être rempli votre formulaire : un champ que les gens ne voient pas a été rempli aussi.",
    "Quizás un robot rellenó su formulario: también se rellenó un campo que las personas no ven.",
    "Vielleicht hat ein Roboter Ihr Formular ausgefüllt: Auch ein Feld, das Menschen nicht sehen, war ausgefüllt.",
    "Forse un robot ha compilato il vostro modulo: era compilato anche un campo che le persone non vedono.",
    "Talvez um robô tenha preenchido o seu formulário: foi preenchido também um campo que as pessoas não veem.",
]);

/// What platforms forbid before a booking, below a notification.
pub const NO_CONTACT_DATA: Phrase = Phrase([
    "Before a booking the platform forbids contact details such as phone numbers and e-mail addresses.",
    "Avant une réservation, la plateforme interdit les coordonnées comme les numéros de téléphone et les adresses e-mail.",
    "Antes de una reserva la plataforma prohíbe datos de contacto como teléfonos y direcciones de correo.",
    "Vor einer Buchung verbietet die Plattform Kontaktdaten wie Telefonnummern und E-Mail-Adressen.",
    "Prima di una prenotazione la piattaforma vieta recapiti come numeri di telefono e indirizzi e-mail.",
    "Antes de uma reserva a plataforma proíbe contactos como números de telefone e endereços de e-mail.",
]);

/// A reply that has some.
pub const CONTACT_DATA_NOT_TAKEN: Phrase = Phrase([
    "Before a booking the platform forbids contact details: take out {} and send it again.",
    "Avant une réservation, la plateforme interdit les coordonnées : retirez {} et envoyez-la de nouveau.",
    "Antes de una reserva la plataforma prohíbe datos de contacto: quite {} y envíela de nuevo.",
    "Vor einer Buchung verbietet die Plattform Kontaktdaten: Nehmen Sie {} heraus und senden Sie sie noch einmal.",
    "Prima di una prenotazione la piattaforma vieta i recapiti: togliete {} e inviatela di nuovo.",
    "Antes de uma reserva a plataforma proíbe contactos: retire {} e envie-a de novo.",
]);

/// The visitor asked with a form of the platform's, below a notification.
pub const ANSWER_ENDS_REQUEST: Phrase = Phrase([
    "This was asked with a form of the platform's: once answered from here, it cannot be accepted or declined there.",
    "Cela a été demandé par un formulaire de la plateforme : une fois répondu d'ici, on ne peut plus l'accepter ou le refuser là-bas.",
    "Esto se pidió con un formulario de la plataforma: una vez respondido desde aquí, ya no se puede aceptar ni rechazar allí.",
    "Das wurde mit einem Formular der Plattform gefragt: Ist es von hier beantwortet, kann man es dort nicht mehr annehmen oder ablehnen.",
    "È stato chiesto con un modulo della piattaforma: una volta risposto da qui, lì non si può più accettare o rifiutare.",
    "Isto foi pedido com um formulário da plataforma: depois de respondido daqui, já não se pode aceitar ou recusar lá.",
]);

/// A channel that takes no files, below a notification.
pub const NO_FILES: Phrase = Phrase([
    "Only text reaches the guest, no files.",
    "Seul le texte parvient au client, pas les fichiers.",
    "Al huésped solo le llega el texto, no los archivos.",
    "Nur Text erreicht den Gast, keine Dateien.",
    "All'ospite arriva solo il testo, non i file.",
    "Ao hóspede só chega o texto, não os ficheiros.",
]);

/// Of files only pictures reach the visitor.
pub const PICTURES_ONLY: Phrase = Phrase([
    "Of files only pictures reach the guest; large ones are made smaller.",
    "Parmi les fichiers, seules les images parviennent au client ; les grandes sont réduites.",
    "De los archivos, al huésped solo le llegan las imágenes; las grandes se reducen.",
    "Von Dateien erreichen nur Bilder den Gast; große werden verkleinert.",
    "Tra i file, all'ospite arrivano solo le immagini; quelle grandi vengono ridotte.",
    "Dos ficheiros, ao hóspede só chegam as imagens; as grandes são reduzidas.",
]);

/// Which files a platform's mail does not carry.
pub const NO_ARCHIVES: Phrase = Phrase([
    "Files reach the guest, but no archives and no programs.",
    "Les fichiers parviennent au client, mais ni archives ni programmes.",
    "Al huésped le llegan los archivos, pero no los comprimidos ni los programas.",
    "Dateien erreichen den Gast, aber keine Archive und keine Programme.",
    "All'ospite arrivano i file, ma non gli archivi compressi né i programmi.",
    "Os ficheiros chegam ao hóspede, mas não os comprimidos nem os programas.",
]);

/// How large files may be.
pub const FILES_UP_TO: Phrase = Phrase([
    "All files of a reply together may have {} MB.",
    "Tous les fichiers d'une réponse ensemble peuvent faire {} Mo.",
    "Todos los archivos de una respuesta juntos pueden ocupar {} MB.",
    "Alle Dateien einer Antwort zusammen dürfen {} MB haben.",
    "Tutti i file di una risposta insieme possono avere {} MB.",
    "Todos os ficheiros de uma resposta juntos podem ter {} MB.",
]);

/// Where a file alone is no message.
pub const FILES_NEED_WORDS: Phrase = Phrase([
    "A file needs words with it: alone it is not taken.",
    "Un fichier doit être accompagné d'un texte : seul, il n'est pas accepté.",
    "Un archivo debe ir acompañado de un texto: solo no se acepta.",
    "Zu einer Datei gehören Worte: allein wird sie nicht angenommen.",
    "Un file deve essere accompagnato da un testo: da solo non viene accettato.",
    "Um ficheiro precisa de um texto: sozinho não é aceite.",
]);

/// Subject of the mail about a connection whose credentials are refused.
pub const CONNECTION_BROKEN_SUBJECT: Phrase = Phrase([
    "{} refuses the connection",
    "{} refuse la connexion",
    "{} rechaza la conexión",
    "{} lehnt die Verbindung ab",
    "{} rifiuta la connessione",
    "{} recusa a ligação",
]);

/// A channel refuses the credentials.
pub const CONNECTION_BROKEN: Phrase = Phrase([
    "{} refuses our credentials. Messages do not arrive and replies wait until somebody renews them; we go on trying now and then.",
    "{} refuse nos identifiants. Les messages n'arrivent pas et les réponses attendent que quelqu'un les renouvelle ; nous réessayons de temps en temps.",
    "{} rechaza nuestras credenciales. Los mensajes no llegan y las respuestas esperan hasta que alguien las renueve; seguimos intentándolo de vez en cuando.",
    "{} lehnt unsere Zugangsdaten ab. Nachrichten kommen nicht an und Antworten warten, bis sie jemand erneuert; wir versuchen es von Zeit zu Zeit wieder.",
    "{} rifiuta le nostre credenziali. I messaggi non arrivano e le risposte aspettano che qualcuno le rinnovi; riproviamo di tanto in tanto.",
    "{} recusa as nossas credenciais. As mensagens não chegam e as respostas esperam até que alguém as renove; continuamos a tentar de vez em quando.",
]);

/// A channel does not, or no more, give us this property.
pub const PROPERTY_NOT_GIVEN: Phrase = Phrase([
    "{} does not let us at this property: it is not, or no longer, connected to us there. Messages do not arrive and replies wait until you connect it in the platform's settings; we go on trying now and then.",
    "{} ne nous donne pas accès à cet établissement : il n'y est pas, ou plus, relié à nous. Les messages n'arrivent pas et les réponses attendent que vous le reliiez dans les paramètres de la plateforme ; nous réessayons de temps en temps.",
    "{} no nos da acceso a este alojamiento: allí no está, o ya no está, conectado con nosotros. Los mensajes no llegan y las respuestas esperan hasta que lo conecte en los ajustes de la plataforma; seguimos intentándolo de vez en cuando.",
    "{} gibt uns diese Unterkunft nicht: Sie ist dort nicht oder nicht mehr mit uns verbunden. Nachrichten kommen nicht an und Antworten warten, bis Sie sie in den Einstellungen der Plattform verbinden; wir versuchen es von Zeit zu Zeit wieder.",
    "{} non ci dà accesso a questa struttura: lì non è, o non è più, collegata a noi. I messaggi non arrivano e le risposte aspettano che la colleghi nelle impostazioni della piattaforma; riproviamo di tanto in tanto.",
    "{} não nos dá acesso a este alojamento: lá não está, ou já não está, ligado a nós. As mensagens não chegam e as respostas esperam até que o ligue nas definições da plataforma; continuamos a tentar de vez em quando.",
]);

/// The platform took something out of a message, below a notification.
pub const REDACTED: Phrase = Phrase([
    "The booking platform has taken something out of this message because it looked like fraud: be careful with links, payments and codes.",
    "La plateforme de réservation a retiré de ce message un passage qui ressemblait à une fraude : prudence avec les liens, les paiements et les codes.",
    "La plataforma de reservas ha retirado de este mensaje algo que parecía un fraude: cuidado con los enlaces, los pagos y los códigos.",
    "Die Buchungsplattform hat aus dieser Nachricht etwas entfernt, das nach Betrug aussah: Vorsicht bei Links, Zahlungen und Codes.",
    "La piattaforma di prenotazione ha tolto da questo messaggio qualcosa che sembrava una frode: attenzione a link, pagamenti e codici.",
    "A plataforma de reservas retirou desta mensagem algo que parecia fraude: cuidado com ligações, pagamentos e códigos.",
]);

/// A host allowed it at a platform.
pub const GRANTED: Phrase = Phrase([
    "{} is connected. You can close this page.",
    "{} est connecté. Vous pouvez fermer cette page.",
    "{} está conectado. Puede cerrar esta página.",
    "{} ist verbunden. Sie können diese Seite schließen.",
    "{} è collegato. Può chiudere questa pagina.",
    "{} está ligado. Pode fechar esta página.",
]);

/// A host did not allow it, or it came to nothing.
pub const NOT_GRANTED: Phrase = Phrase([
    "{} gave no permission, so nothing was connected. Ask for a new link to try again.",
    "{} n'a pas donné l'autorisation : rien n'a été connecté. Demandez un nouveau lien pour réessayer.",
    "{} no dio permiso, así que no se conectó nada. Pida un nuevo enlace para intentarlo otra vez.",
    "{} hat keine Erlaubnis gegeben, also wurde nichts verbunden. Für einen neuen Versuch ist ein neuer Link nötig.",
    "{} non ha dato il permesso, quindi non è stato collegato nulla. Chieda un nuovo link per riprovare.",
    "{} não deu autorização, por isso nada foi ligado. Peça uma nova ligação para tentar outra vez.",
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_speak_the_language_of_the_house() {
        assert_eq!(ANSWERED.say(Tongue::of("pt-PT"), "Ana"), "Ana respondeu:");
        assert_eq!(ANSWERED.say(Tongue::of("xx"), "Ana"), "Ana answered:");
        assert_eq!(ANSWERED.say(Tongue::of(""), "Ana"), "Ana answered:");
    }
}
