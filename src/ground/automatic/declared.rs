//! Whole sentences in which a program declares itself: "This is an automated message, please do not reply."
//!
//! People write the beginning of such a sentence, too ("This email was sent automatically translated by …", "Dit is een automatisch
//! model"), so every word of it has to be a program's, up to a stop or the end of the line. Losing a help desk's
//! acknowledgement is cheap, a visitor is not.

/// What such a sentence begins with: it speaks of itself.
#[rustfmt::skip]
static SUBJECTS: &[&str] = &[
    "this", "dies", "das", "diese", "bei", "ceci", "ce", "cet", "este", "esta", "questo", "questa", "dit", "deze", "to", "ta", "niniejsza", "wiadomosc", "toto", "tato", "dette", "denne", "detta", "tama", "ez", "acest",
    "acesta", "aceasta", "bu", "αυτο", "это", "данное", "це", "aquest", "αυτη", "το", "ovo", "ово", "това", "цей", "настоящее", "tai", "sis", "see", "ini", "zo", "זו", "זה", "זוהי", "זהו", "هذه", "هذا", "aquesta", "ta", "sprava",
];

/// What it says it is, or what was done with it; with [`AUTOMATIC`] among them or beside them.
#[rustfmt::skip]
static MAIL: &[&str] = &[
    "message", "reply", "response", "email", "e-mail", "mail", "notification", "acknowledgement", "acknowledgment", "confirmation", "generated", "sent",
    "nachricht", "antwort", "eingangsbestatigung", "empfangsbestatigung", "bestatigung", "generiert", "generierte", "erstellt", "erstellte", "erzeugt", "erzeugte", "versendet", "versandt", "verschickt", "gesendet",
    "reponse", "courriel", "accuse", "genere", "generee", "envoye", "mensaje", "respuesta", "correo", "generado", "enviado", "messaggio", "risposta", "generato", "inviato", "generata", "inviata",
    "mensagem", "resposta", "gerada", "gerado", "enviado", "enviada", "bericht", "antwoord", "ontvangstbevestiging", "gegenereerd", "gegenereerde", "verzonden", "verstuurd", "wiadomosc", "odpowiedz", "wygenerowana", "wyslana",
    "zprava", "odpoved", "besked", "meddelelse", "svar", "autosvar", "meddelande", "melding", "viesti", "vastaus", "uzenet", "valasz", "mesaj", "raspuns", "mesajdir", "yanittir", "e-postadir", "μηνυμα", "απαντηση",
    "сообщение", "ответ", "письмо", "уведомление", "сгенерировано", "отправлено", "повідомлення", "відповідь", "missatge", "создано", "сформировано", "лист", "створено", "сформовано", "съобщение", "генерирано", "отговор", "poruka", "generirana", "odgovor", "sporocilo", "ustvarjeno", "порука", "генерисана", "одговор", "vygenerovana", "generovana", "generovany", "sprava", "genererat", "genererad", "genereret", "generert", "automatgenererat", "e-postmeddelande", "lahetetty", "generalt", "generat", "olusturulmus", "olusturulmustur", "gonderilmistir", "generat", "pranesimas", "laiskas", "atsakymas", "zinojums", "generets", "atbilde", "teade", "vastus", "pesan", "balasan", "הודעה", "מענה", "תשובה", "رساله", "رسالة", "رد", "auto-reply", "autoreply", "auto-response", "autoresponse",
];

#[rustfmt::skip]
static AUTOMATIC: &[&str] =
    &[
        "automat", "automaat", "geautomatiseerd", "otomati", "αυτοματ", "автомат", "аутомат", "samodejn", "auto-re", "autore", "אוטומטי", "تلقائي", "الي", "آلي",
    ];

/// The rest of its words.
#[rustfmt::skip]
static BETWEEN: &[&str] = &[
    "is", "an", "a", "was", "has", "been", "by", "our", "the", "system", "support", "auto", "ist", "eine", "es", "handelt", "sich", "um", "wurde", "von", "unserem", "vom", "est", "un", "une", "de", "a", "ete", "par", "notre", "systeme",
    "reception", "ha", "sido", "por", "electronico", "sistema", "nuestro", "e", "stato", "stata", "dal", "uma", "foi", "pelo", "nosso", "een", "werd", "door", "ons", "systeem", "jest", "zostala", "przez",
    "je", "er", "ar", "en", "et", "ett", "on", "una", "egy", "este", "olarak", "bir", "ειναι", "ενα", "было", "системой", "μια", "μηνυμα", "byla", "bola", "se", "ir", "е", "је", "es", "adalah", "la",
];

/// What may follow a comma, a dash or a stop inside the line: it asks not to be answered, or says for what it was sent.
#[rustfmt::skip]
static GOES_ON: &[&str] = &[
    "please", "do not", "don't", "no need", "and is", "to confirm", "to let you know", "to inform you", "confirming", "bitte", "veuillez", "merci de ne", "ne pas", "por favor", "no responda", "si prega", "non risponder", "nao responda", "gelieve",
    "niet", "prosze", "prosimy", "prosim", "neodpovid", "var venlig", "svar ikke", "ikke svar", "vanligen", "ala vastaa", "kerjuk", "va rugam", "lutfen", "παρακαλ", "пожалуйста", "не отвеч", "не відпов", "будь ласка", "det gar inte", "ikke besvares", "moli", "моли", "моля", "si us plau", "нужно", "отвечать на", "neodpoved", "prasom", "ludzu", "palun", "mohon", "נא ", "אין ל", "يرجى", "الرجاء", "kindly", "no reply",
];

/// Sentences in scripts without spaces: what one holds, and what it then is.
static WIDE: &[&str] = &[
    "自動送信",
    "自動返信",
    "自动发送",
    "自動發送",
    "自动发出",
    "自动生成",
    "自動生成",
    "自動配信",
    "자동 발신",
    "자동으로 발신",
    "자동 회신",
    "自动回复",
    "自動回覆",
    "자동으로 발송",
    "자동 발송",
    "자동 응답",
];
static WIDE_MAIL: &[&str] = &[
    "メール",
    "メッセージ",
    "です",
    "邮件",
    "信件",
    "郵件",
    "消息",
    "请勿",
    "메일",
    "메시지",
    "입니다",
    "되었습니다",
];
static WIDE_TRANSLATED: &[&str] = &["翻訳", "翻译", "翻譯", "번역"];

/// Does a program declare itself in this folded sentence, which begins here and may have others behind it?
pub(super) fn declares(sentence: &str) -> bool {
    let whole = sentence.split(['.', '!', '。', '！']).next().unwrap_or_default();
    if WIDE.iter().any(|w| whole.contains(w)) {
        return whole.chars().count() <= 50
            && WIDE_MAIL.iter().any(|w| whole.contains(w))
            && !WIDE_TRANSLATED.iter().any(|w| whole.contains(w));
    }
    let (mut automatic, mut mail, mut count) = (false, false, 0);
    let mut at = 0;
    for word in whole.split_inclusive([' ', ',', ';', ':', '(', ')']) {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        if core.is_empty() || count > 0 && GOES_ON.iter().any(|on| whole[at..].starts_with(on)) {
            if core.is_empty() {
                at += word.len();
                continue;
            }
            break;
        }
        let itself = AUTOMATIC.iter().any(|a| core.starts_with(a));
        let is_mail = MAIL.contains(&core);
        let first = count > 0 || SUBJECTS.contains(&core);
        if !first
            || !(itself
                || is_mail
                || count == 0
                || SUBJECTS.contains(&core)
                || BETWEEN.contains(&core))
        {
            return false;
        }
        (automatic, mail, count) = (automatic || itself, mail || is_mail && count > 0, count + 1);
        at += word.len();
    }
    automatic && mail
}

#[cfg(test)]
mod tests {
    use super::{super::fold::fold, declares};

    #[test]
    fn a_program_declares_itself_in_a_whole_sentence() {
        for (said, expected) in [
            ("This is an automated message.", true),
            ("This is an automated response, please do not reply to it", true),
            ("This is an automated reply to confirm that we have received your mail.", true),
            ("Dies ist eine automatisch generierte E-Mail. Bitte antworten Sie nicht.", true),
            ("Diese Nachricht wurde automatisch erstellt", true),
            ("Ceci est un message automatique, merci de ne pas y répondre.", true),
            ("Este es un mensaje automático.", true),
            ("Questo è un messaggio automatico", true),
            ("Esta é uma mensagem automática - por favor não responda.", true),
            ("Dit is een automatisch bericht.", true),
            ("Detta är ett automatiskt svar", true),
            ("Tämä on automaattinen viesti.", true),
            ("Это автоматическое сообщение.", true),
            ("このメールは自動送信メールです。", true),
            ("This email was sent automatically translated by DeepL, sorry.", false),
            ("This email was sent automatically at 8 am", false),
            ("This is an automated message, it said", false),
            ("This is an automated message from my phone", false),
            ("This message was sent automatically by our CRM on behalf of Maria", false),
            ("This is automatic.", false),
            ("Diese Nachricht wurde automatisch übersetzt, entschuldigen Sie", false),
            ("Diese E-Mail wurde automatisch um 8 Uhr verschickt", false),
            ("Dies ist eine automatische Tür", false),
            ("Dies ist eine automatische Übersetzung aus dem Polnischen.", false),
            ("Ce message est automatiquement traduit.", false),
            ("Este es un mensaje automático suyo, pero yo quiero", false),
            ("Este es un mensaje automático traducido del polaco.", false),
            ("Questo è un messaggio automatico tradotto con Google", false),
            ("Esta é uma mensagem automática do tradutor, desculpe", false),
            ("Dit is een automatisch model, kunnen we die opladen", false),
            ("Dit is een automatische vertaling.", false),
            ("Dit is een automatisch gegenereerde vertaling, sorry", false),
            ("Detta är ett automatiskt översatt mejl.", false),
            ("Detta är ett automatiskt svar sa er server", false),
            ("Dette er en automatisk oversættelse", false),
            ("Dette er en automatisk oversettelse fra polsk", false),
            ("Tämä on automaattinen käännös.", false),
            ("Toto je automatický překlad.", false),
            ("To jest automatyczne tłumaczenie.", false),
            ("Это автоматический перевод с сербского", false),
            ("このメールは自動翻訳です。", false),
        ] {
            assert_eq!(declares(&fold(said, 300)), expected, "{said}");
        }
    }
}
