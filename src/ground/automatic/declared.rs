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
        "automat", "automaat", "geautomatiseerd", "otomati", "αυτοματ", "автомат", "аутомат", "samodejn", "auto-re", "autore", "אוטומטי", "تلقائي",
    ];

/// The same, whole: other words begin with them ("اليكم", "اليوم").
static AUTOMATIC_WHOLE: &[&str] = &["الي", "آلي", "الية", "آلية", "اليا", "آليا"];

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

/// With these behind the request not to answer, somebody tells what a mail said, or speaks of themselves.
#[rustfmt::skip]
static SAID: &[&str] = &[
    "said", "says", "told", "wrote", "i", "me", "my", "sagte", "steht", "stand", "hiess", "schrieb", "disait", "ecrivait", "ecrit", "decia", "ponia", "diceva", "dice", "scriveva", "dizia", "stond", "stod", "skrev",
    "pisalo", "pisze", "psali", "писал", "писали", "пишет", "написано",
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
/// It speaks of itself; else the sentence is nothing but the words for it.
#[rustfmt::skip]
static WIDE_THIS: &[&str] = &[
    "このメール", "本メール", "当メール", "このメッセージ", "本メッセージ", "本邮件", "此邮件", "这封邮件", "这是", "本信", "此信", "本郵件", "此郵件", "這封郵件", "這是", "此消息", "本消息",
    "이 메일", "본 메일", "이 이메일", "본 이메일", "이 메시지", "본 메시지", "이것은",
];
static WIDE_SYSTEM: &[&str] = &["※", "*", "システム", "由系统", "系统", "由系統", "系統", "시스템"];
#[rustfmt::skip]
static WIDE_ENDS: &[&str] = &[
    "です", "でございます", "メールです", "メッセージです", "されたメールです", "しております", "しています", "されています", "的邮件", "邮件", "的郵件", "郵件",
    "입니다", "메일입니다", "메시지입니다", "된 메일입니다", "되었습니다",
];
static WIDE_NO_ANSWER: &[&str] = &["请勿", "請勿", "勿回", "不要回"];
/// A translation, or people's words about such a mail: thanks before it, that it came, that it was read or says something.
#[rustfmt::skip]
static WIDE_TOLD: &[&str] = &[
    "翻訳", "翻译", "翻譯", "번역", "拝見", "届", "受け取", "受取", "来て", "来ま", "もらい", "メールを", "だけ", "しか", "と書", "と言", "ですか", "收到", "看了", "看到", "我只", "只有", "写着", "寫著", "吧", "봤", "받", "왔", "라고", "메일만",
];
static WIDE_THANKS: &[&str] = &["ありがと", "谢", "謝", "감사"];

/// Does a program declare itself in this folded sentence, which begins here and may have others behind it?
pub(super) fn declares(sentence: &str) -> bool {
    let whole = sentence.split(['.', '!', '。', '！']).next().unwrap_or_default();
    // In quotation marks it is another's.
    if whole.contains(['"', '「', '『']) || sentence.starts_with('\'') {
        return false;
    }
    if let Some(at) = WIDE.iter().find_map(|w| whole.find(w)) {
        return declares_wide(whole, at);
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
            // "…, please do not reply, said your mail."
            let mut rest = whole[at..].split(|c: char| !c.is_alphanumeric());
            if rest.any(|word| SAID.contains(&word)) {
                return false;
            }
            break;
        }
        let itself =
            AUTOMATIC.iter().any(|a| core.starts_with(a)) || AUTOMATIC_WHOLE.contains(&core);
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

/// The same in a script without spaces, with the word for it at `at`.
fn declares_wide(whole: &str, at: usize) -> bool {
    let has = |text: &str, some: &[&str]| some.iter().any(|w| text.contains(w));
    if whole.chars().count() > 50
        || has(whole, WIDE_TOLD)
        || has(&whole[..at], WIDE_THANKS)
        || !has(whole, WIDE_MAIL)
    {
        return false;
    }
    let word = WIDE.iter().find(|w| whole[at..].starts_with(**w)).map_or(0, |w| w.len());
    let (before, rest) = (whole[..at].trim(), whole[at + word..].trim());
    let opens = before.is_empty() || WIDE_SYSTEM.contains(&before);
    has(whole, WIDE_THIS) || opens && (WIDE_ENDS.contains(&rest) || has(rest, WIDE_NO_ANSWER))
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
