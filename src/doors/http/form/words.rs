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
    pub(super) arrival: &'static str,
    pub(super) departure: &'static str,
    pub(super) guests: &'static str,
    pub(super) no_email: &'static str,
    pub(super) bad_email: &'static str,
    pub(super) no_message: &'static str,
    pub(super) too_long: &'static str,
    pub(super) bad_date: &'static str,
    pub(super) bad_order: &'static str,
    pub(super) bad_number: &'static str,
    pub(super) many_files: &'static str,
    pub(super) big_files: &'static str,
    pub(super) programs: &'static str,
    pub(super) stale: &'static str,
    pub(super) hasty: &'static str,
    pub(super) wait: &'static str,
    pub(super) unproven: &'static str,
    pub(super) failed: &'static str,
}

impl Words {
    /// What a field is called on the page.
    pub(super) fn label<'a>(&self, field: &'a str) -> &'a str
    where
        'static: 'a,
    {
        match field {
            "name" => self.name,
            "email" | "_replyto" => self.email,
            "phone" => self.phone,
            "subject" | "_subject" => self.subject,
            "message" => self.message,
            "attachment" => self.files,
            "arrival" => self.arrival,
            "departure" => self.departure,
            "guests" => self.guests,
            other => other,
        }
    }
}

#[rustfmt::skip]
const WORDS: [Words; 8] = [
    Words { language: "en", name: "Name", email: "E-mail", phone: "Phone (optional)", subject: "Subject (optional)", message: "Message", files: "Files (optional)", send: "Send", thanks: "Thank you, your message was sent. The answer comes by e-mail.", arrival: "Arrival (optional)", departure: "Departure (optional)", guests: "Guests (optional)", no_email: "missing; we answer by e-mail", bad_email: "this is no e-mail address", no_message: "empty; write what you would like to know", too_long: "too long; {} characters at most", bad_date: "write it as 2027-08-14", bad_order: "before the arrival", bad_number: "write a number from 1 to 999", many_files: "too many files; {} at most", big_files: "too big; {} MB in all", programs: "programs are not taken; send documents and pictures", stale: "this page is too old, or was not made here; open it again", hasty: "that was very fast; please send it again", wait: "too many requests; please try again in a minute", unproven: "your browser did not solve the form's riddle; turn JavaScript on and send it again", failed: "It could not be sent. Please check your connection and try again." },
    Words { language: "fr", name: "Nom", email: "E-mail", phone: "Téléphone (facultatif)", subject: "Objet (facultatif)", message: "Message", files: "Fichiers (facultatif)", send: "Envoyer", thanks: "Merci, votre message a été envoyé. La réponse arrivera par e-mail.", arrival: "Arrivée (facultatif)", departure: "Départ (facultatif)", guests: "Personnes (facultatif)", no_email: "manque ; nous répondons par e-mail", bad_email: "ce n'est pas une adresse e-mail", no_message: "vide ; écrivez ce que vous souhaitez savoir", too_long: "trop long ; {} caractères au plus", bad_date: "écrivez-la comme 2027-08-14", bad_order: "avant l'arrivée", bad_number: "écrivez un nombre de 1 à 999", many_files: "trop de fichiers ; {} au plus", big_files: "trop volumineux ; {} Mo en tout", programs: "les programmes ne sont pas acceptés ; envoyez des documents et des images", stale: "cette page est trop ancienne ou ne vient pas d'ici ; ouvrez-la de nouveau", hasty: "c'était très rapide ; veuillez l'envoyer de nouveau", wait: "trop de demandes ; veuillez réessayer dans une minute", unproven: "votre navigateur n'a pas résolu l'énigme du formulaire ; activez JavaScript et envoyez-le de nouveau", failed: "L'envoi a échoué. Vérifiez votre connexion et réessayez." },
    Words { language: "es", name: "Nombre", email: "Correo electrónico", phone: "Teléfono (opcional)", subject: "Asunto (opcional)", message: "Mensaje", files: "Archivos (opcional)", send: "Enviar", thanks: "Gracias, su mensaje se ha enviado. La respuesta llegará por correo.", arrival: "Llegada (opcional)", departure: "Salida (opcional)", guests: "Personas (opcional)", no_email: "falta; respondemos por correo", bad_email: "no es una dirección de correo", no_message: "vacío; escriba lo que desea saber", too_long: "demasiado largo; {} caracteres como máximo", bad_date: "escríbala como 2027-08-14", bad_order: "antes de la llegada", bad_number: "escriba un número del 1 al 999", many_files: "demasiados archivos; {} como máximo", big_files: "demasiado grandes; {} MB en total", programs: "no se aceptan programas; envíe documentos e imágenes", stale: "esta página es demasiado antigua o no es nuestra; ábrala de nuevo", hasty: "ha sido muy rápido; envíelo de nuevo", wait: "demasiadas solicitudes; inténtelo de nuevo en un minuto", unproven: "su navegador no resolvió el acertijo del formulario; active JavaScript y envíelo de nuevo", failed: "No se ha podido enviar. Compruebe su conexión e inténtelo de nuevo." },
    Words { language: "de", name: "Name", email: "E-Mail", phone: "Telefon (optional)", subject: "Betreff (optional)", message: "Nachricht", files: "Dateien (optional)", send: "Senden", thanks: "Danke, Ihre Nachricht ist gesendet. Die Antwort kommt per E-Mail.", arrival: "Anreise (optional)", departure: "Abreise (optional)", guests: "Gäste (optional)", no_email: "fehlt; wir antworten per E-Mail", bad_email: "das ist keine E-Mail-Adresse", no_message: "leer; schreiben Sie, was Sie wissen möchten", too_long: "zu lang; höchstens {} Zeichen", bad_date: "schreiben Sie es als 2027-08-14", bad_order: "vor der Anreise", bad_number: "schreiben Sie eine Zahl von 1 bis 999", many_files: "zu viele Dateien; höchstens {}", big_files: "zu groß; zusammen höchstens {} MB", programs: "Programme werden nicht angenommen; senden Sie Dokumente und Bilder", stale: "diese Seite ist zu alt oder nicht von hier; öffnen Sie sie neu", hasty: "das ging sehr schnell; bitte senden Sie es noch einmal", wait: "zu viele Anfragen; bitte versuchen Sie es in einer Minute noch einmal", unproven: "Ihr Browser hat das Rätsel des Formulars nicht gelöst; schalten Sie JavaScript ein und senden Sie es noch einmal", failed: "Es konnte nicht gesendet werden. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal." },
    Words { language: "it", name: "Nome", email: "E-mail", phone: "Telefono (facoltativo)", subject: "Oggetto (facoltativo)", message: "Messaggio", files: "File (facoltativi)", send: "Invia", thanks: "Grazie, il messaggio è stato inviato. La risposta arriverà per e-mail.", arrival: "Arrivo (facoltativo)", departure: "Partenza (facoltativo)", guests: "Ospiti (facoltativo)", no_email: "manca; rispondiamo per e-mail", bad_email: "non è un indirizzo e-mail", no_message: "vuoto; scriva che cosa desidera sapere", too_long: "troppo lungo; al massimo {} caratteri", bad_date: "la scriva come 2027-08-14", bad_order: "prima dell'arrivo", bad_number: "scriva un numero da 1 a 999", many_files: "troppi file; al massimo {}", big_files: "troppo grandi; {} MB in tutto", programs: "i programmi non si accettano; invii documenti e immagini", stale: "questa pagina è troppo vecchia o non è nostra; la apra di nuovo", hasty: "è stato molto veloce; lo invii di nuovo", wait: "troppe richieste; riprovi tra un minuto", unproven: "il browser non ha risolto l'indovinello del modulo; attivi JavaScript e lo invii di nuovo", failed: "Non è stato possibile inviarlo. Controlli la connessione e riprovi." },
    Words { language: "pt", name: "Nome", email: "E-mail", phone: "Telefone (opcional)", subject: "Assunto (opcional)", message: "Mensagem", files: "Ficheiros (opcional)", send: "Enviar", thanks: "Obrigado, a sua mensagem foi enviada. A resposta chega por e-mail.", arrival: "Chegada (opcional)", departure: "Partida (opcional)", guests: "Pessoas (opcional)", no_email: "falta; respondemos por e-mail", bad_email: "não é um endereço de e-mail", no_message: "vazia; escreva o que deseja saber", too_long: "demasiado longo; {} caracteres no máximo", bad_date: "escreva-a como 2027-08-14", bad_order: "antes da chegada", bad_number: "escreva um número de 1 a 999", many_files: "demasiados ficheiros; {} no máximo", big_files: "demasiado grandes; {} MB no total", programs: "não se aceitam programas; envie documentos e imagens", stale: "esta página é demasiado antiga ou não é nossa; abra-a de novo", hasty: "foi muito rápido; envie de novo", wait: "demasiados pedidos; tente de novo dentro de um minuto", unproven: "o seu navegador não resolveu o enigma do formulário; ative o JavaScript e envie de novo", failed: "Não foi possível enviar. Verifique a sua ligação e tente de novo." },
    Words { language: "nl", name: "Naam", email: "E-mail", phone: "Telefoon (optioneel)", subject: "Onderwerp (optioneel)", message: "Bericht", files: "Bestanden (optioneel)", send: "Verzenden", thanks: "Dank u, uw bericht is verzonden. Het antwoord komt per e-mail.", arrival: "Aankomst (optioneel)", departure: "Vertrek (optioneel)", guests: "Gasten (optioneel)", no_email: "ontbreekt; wij antwoorden per e-mail", bad_email: "dit is geen e-mailadres", no_message: "leeg; schrijf wat u wilt weten", too_long: "te lang; hoogstens {} tekens", bad_date: "schrijf het als 2027-08-14", bad_order: "voor de aankomst", bad_number: "schrijf een getal van 1 tot 999", many_files: "te veel bestanden; hoogstens {}", big_files: "te groot; {} MB in totaal", programs: "programma's worden niet aangenomen; stuur documenten en afbeeldingen", stale: "deze pagina is te oud of niet van hier; open haar opnieuw", hasty: "dat ging heel snel; verzend het nog eens", wait: "te veel verzoeken; probeer het over een minuut opnieuw", unproven: "uw browser heeft het raadsel van het formulier niet opgelost; zet JavaScript aan en verzend het opnieuw", failed: "Het kon niet worden verzonden. Controleer uw verbinding en probeer het opnieuw." },
    Words { language: "ca", name: "Nom", email: "Correu electrònic", phone: "Telèfon (opcional)", subject: "Assumpte (opcional)", message: "Missatge", files: "Fitxers (opcional)", send: "Enviar", thanks: "Gràcies, el missatge s'ha enviat. La resposta arribarà per correu.", arrival: "Arribada (opcional)", departure: "Sortida (opcional)", guests: "Persones (opcional)", no_email: "falta; responem per correu", bad_email: "no és una adreça de correu", no_message: "buit; escriviu què voleu saber", too_long: "massa llarg; {} caràcters com a màxim", bad_date: "escriviu-la com 2027-08-14", bad_order: "abans de l'arribada", bad_number: "escriviu un número de l'1 al 999", many_files: "massa fitxers; {} com a màxim", big_files: "massa grans; {} MB en total", programs: "no s'accepten programes; envieu documents i imatges", stale: "aquesta pàgina és massa antiga o no és nostra; torneu-la a obrir", hasty: "ha estat molt ràpid; torneu-ho a enviar", wait: "massa sol·licituds; torneu-ho a provar d'aquí a un minut", unproven: "el navegador no ha resolt l'endevinalla del formulari; activeu JavaScript i torneu-lo a enviar", failed: "No s'ha pogut enviar. Comproveu la connexió i torneu-ho a provar." },
];

pub(super) fn known(language: &str) -> Option<&'static Words> {
    let code = language.get(..2)?.to_ascii_lowercase();
    WORDS.iter().find(|words| words.language == code)
}

/// Where nothing else fits.
pub(super) fn english() -> &'static Words {
    &WORDS[0]
}

/// What the browser asks for.
pub(super) fn asked(headers: &HeaderMap) -> Option<&'static Words> {
    let accept =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.split(',').find_map(|one| known(one.trim()))
}

/// What the browser asks for, else the house's language, else English.
pub(super) fn words(headers: &HeaderMap, house: &Account) -> &'static Words {
    asked(headers).or_else(|| known(&house.language)).unwrap_or(&WORDS[0])
}
