//! Notices under a text: legal ones, "think before you print", what a virus scanner adds.
//!
//! Known beginnings first. The wordings are endless, what they say is not: that the mail is confidential, for its recipient
//! only, maybe there by mistake, that the sender is to be told and the mail destroyed. A paragraph that says three of these
//! five, and of the mail itself, is such a notice in any wording; but never the only thing a letter says.

use super::{
    header::is_rule,
    line::{Line, fold},
};

/// How a legal notice at the end begins.
#[rustfmt::skip]
const DISCLAIMERS: &[&str] = &[
    "disclaimer",
    "confidentiality notice",
    "this e-mail and any",
    "this email and any",
    "this message and any",
    "the information contained in this",
    "the information in this e",
    "this e-mail is confidential",
    "this email is confidential",
    "this email has been scanned",
    "this e-mail has been scanned",
    "please consider the environment",
    "think before you print",
    "ce message et toutes les pièces",
    "ce message est confidentiel",
    "ce courriel et",
    "ce message électronique",
    "pensez à l'environnement",
    "avis de confidentialité",
    "diese e-mail enthält vertrauliche",
    "diese e-mail kann vertrauliche",
    "der inhalt dieser e-mail ist",
    "bitte denken sie an die umwelt",
    "este mensaje y sus",
    "este mensaje va dirigido",
    "este correo electrónico",
    "aviso legal",
    "aviso de confidencialidad",
    "le informazioni contenute",
    "questo messaggio è",
    "informativa privacy",
    "avviso di riservatezza",
    "esta mensagem pode conter",
    "esta mensagem e",
    "este e-mail e",
    "aviso de confidencialidade",
    "dit bericht kan",
    "dit e-mailbericht",
    "de informatie in dit",
    "disclaimer:",
    "aquest missatge",
    "niniejsza wiadomość",
    "wiadomość ta",
    "tato zpráva",
    "denne e-mail",
    "denne meddelelse",
    "detta meddelande",
    "detta mail",
    "denne e-posten",
    "tämä viesti",
    "ez az üzenet",
    "acest mesaj",
    "bu e-posta",
    "bu mesaj",
    "το παρόν μήνυμα",
    "данное сообщение",
    "настоящее сообщение",
    "це повідомлення",
    "此邮件",
    "本邮件",
    "本メール",
    "このメールは",
    "본 메일은",
    "본 이메일",
    "هذه الرسالة",
    "هذا البريد",
    "הודעה זו",
    "virus-free. www",
    "libre de virus",
    "sans virus",
    "virenfrei",
    "privo di virus",
    "livre de vírus",
    "virusvrij",
    "без вирусов",
    "get your free",
    "this email was scanned",
    "no virus found in this",
    "no viruses found in this",
    "information from eset",
    "the message was checked by eset",
];

/// Parts of words by what they say, over the languages: confidential, recipient, mistake, telling the sender, destroying.
#[rustfmt::skip]
const SAYINGS: [&[&str]; 5] = [
    &["confidential", "privileged", "vertraulich", "confidentiel", "confidencial", "riservat", "vertrouwelijk", "poufn",
      "fortrolig", "konfidentiell", "luottamuksell", "bizalmas", "confidenţial", "confidențial", "gizli", "εμπιστευτικ",
      "конфиденциальн", "конфіденційн", "důvěrn", "dôvern", "機密", "机密", "기밀", "secreto profesional", "zaupn", "povjerljiv"],
    &["recipient", "addressee", "individual or entity", "individual or organi", "intended for", "empfänger", "adressat",
      "destinataire", "destinatari", "destinatár", "geadresseerde", "bestemd voor", "adresat", "modtager", "mottaker",
      "mottagare", "vastaanottaj", "címzett", "destinatar", "alıcı", "παραλήπτ", "адресат", "получател", "одержувач",
      "příjemc", "príjemc", "受信者", "收件人", "수신인", "수신자", "prejemnik", "primatelj"],
    &["in error", "by mistake", "irrtümlich", "versehentlich", "par erreur", "por error", "por engano", "por equivocación",
      "per errore", "per error", "ten onrechte", "per abuis", "per vergissing", "omyłkow", "przez pomyłkę", "ved en feil",
      "ved en fejl", "av misstag", "erehdyksessä", "vahingossa", "tévedés", "din greşeală", "din greșeală", "yanlışlıkla",
      "λάθος", "ошибочн", "по ошибке", "помилков", "omylem", "omylom", "誤って", "误收", "잘못", "pomotoma", "greškom"],
    &["notify", "inform the sender", "contact the sender", "advise the sender", "informieren sie", "benachrichtigen",
      "verständigen", "avertir", "informer", "prévenir", "notifi", "comuni", "avis", "inform", "waarschuwen", "stellen",
      "powiadom", "underret", "varsle", "meddela", "ilmoit", "értesíts", "anunţ", "anunț", "bildir", "ενημερώσ", "ειδοποι",
      "сообщит", "уведом", "повідом", "oznam", "upozorn", "連絡", "通知", "알려", "obvest", "obavijest"],
    &["delete", "destroy", "löschen", "vernichten", "détruire", "supprimer", "eliminar", "elimín", "elimin", "destrua",
      "borr", "apag", "cancell", "distrugg", "verwijder", "vernietig", "usuń", "usun", "slet", "slett", "radera", "poist",
      "töröl", "şterg", "șterg", "silin", "διαγρ", "удал", "уничтож", "видал", "smaž", "vymaž", "削除", "删除", "삭제", "izbriš"],
];

/// The mail, as a notice speaks of it.
#[rustfmt::skip]
const MAIL: &[&str] = &[
    "e-mail", "email", "message", "transmission", "nachricht", "courriel", "mensaje", "correo", "messaggio", "mensagem",
    "bericht", "wiadomość", "wiadomości", "meddelelse", "meddelande", "viesti", "üzenet", "mesaj", "missatge", "μήνυμα",
    "сообщени", "письмо", "повідомлен", "лист", "zpráv", "správ", "メール", "邮件", "메일", "sporočil", "poruk", "eposta", "e-posta",
];

/// Scanners that sign the mails they looked at.
const SCANNERS: &[&str] = &[
    "avast",
    "avg",
    "norton",
    "mcafee",
    "eset",
    "kaspersky",
    "bitdefender",
    "avira",
    "sophos",
    "g data",
    "panda",
    "mailscanner",
    "spamfighter",
    "malwarebytes",
    "dr.web",
    "trend micro",
    "symantec",
    "messagelabs",
];

/// What gateways of firms put above a mail from outside, folded.
#[rustfmt::skip]
const BANNERS: &[&str] = &[
    "[external", "external email", "external sender", "external mail", "external message", "caution: this", "caution: external", "caution - this", "caution this email",
    "warning: this email", "warning: this message", "warning: external", "this email originated from outside", "this message originated from outside", "this e-mail originated from outside",
    "this message came from outside", "this email came from outside", "you don't often get email from", "[you don't often get email from", "some people who received this message don't often get",
    "achtung: diese e-mail", "achtung: externe", "externe e-mail", "vorsicht: externe", "diese e-mail kommt von außerhalb", "diese e-mail stammt von einem externen", "sie erhalten nicht häufig e-mails von", "[sie erhalten nicht",
    "attention : ce message provient", "attention: ce message provient", "attention : cet e-mail", "courriel externe", "message externe", "vous n'obtenez pas souvent d'e-mail", "[vous n'obtenez pas souvent",
    "correo externo", "precaución: este correo", "no suele recibir correo", "[no suele recibir", "attenzione: questa e-mail", "attenzione: questa mail", "e-mail esterna", "non si ricevono spesso messaggi",
    "atenção: este e-mail", "e-mail externo", "não costuma receber e-mails", "let op: deze e-mail", "externe mail", "u krijgt niet vaak e-mail", "[u krijgt niet vaak",
];

/// The lines of such a banner at the top, if one stands there and a text follows.
pub(super) fn banner(lines: &[Line<'_>]) -> Option<std::ops::Range<usize>> {
    let first = lines.iter().position(|l| !l.is_blank())?;
    let known = |line: &Line<'_>| {
        let begin = line.folded.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '[');
        line.depth == 0 && BANNERS.iter().any(|b| begin.starts_with(b))
    };
    if !known(&lines[first]) {
        return None;
    }
    let end = (first..lines.len().min(first + 8)).find(|&at| lines[at].is_blank())?;
    let words: usize = lines[first..end].iter().map(|l| l.folded.split(' ').count()).sum();
    let text = lines[end..].iter().any(|l| !l.is_blank() && l.depth == 0);
    (words >= 6 && text).then_some(first..end)
}

/// Where the first notice among the last lines begins.
pub(super) fn begins(lines: &[Line<'_>], start: usize, last: usize) -> Option<usize> {
    let mut found = None;
    let mut written = 0;
    for at in (start..=last).rev() {
        let line = &lines[at];
        if line.is_blank() {
            continue;
        }
        if written > 20 {
            break;
        }
        written += 1;
        let ruled = at > start && is_rule(&lines[at - 1], 2);
        if (at == start || lines[at - 1].is_blank() || ruled)
            && (is_known(line)
                || ruled && is_scanned(&line.folded)
                || at > start && says_so(lines, at, last))
        {
            found = Some(if ruled { at - 1 } else { at });
        }
    }
    found
}

fn is_known(line: &Line<'_>) -> bool {
    let begin: String = line.content().trim().chars().take(60).collect();
    let begin = fold(begin.trim_start_matches(['_', '-', '*', '=', ' ']));
    DISCLAIMERS.iter().any(|d| begin.starts_with(d))
}

/// "Diese E-Mail wurde von Avast auf Viren geprüft."
fn is_scanned(folded: &str) -> bool {
    ["virus", "viren", "vírus", "вирус", "wirus"].iter().any(|v| folded.contains(v))
        && SCANNERS.iter().any(|s| folded.contains(s))
}

/// Does the paragraph from this line on say three of the five, in a notice's length?
fn says_so(lines: &[Line<'_>], at: usize, last: usize) -> bool {
    let paragraph: Vec<&str> = lines[at..=last]
        .iter()
        .take(20)
        .take_while(|line| !line.is_blank())
        .map(|line| line.folded.as_str())
        .collect();
    let paragraph = paragraph.join(" ");
    // A person's "I got this by mistake, please tell the sender and delete it" is shorter.
    paragraph.chars().count() >= if paragraph.is_ascii() { 110 } else { 60 }
        && MAIL.iter().any(|m| paragraph.contains(m))
        && SAYINGS.iter().filter(|says| says.iter().any(|s| paragraph.contains(s))).count() >= 3
}
