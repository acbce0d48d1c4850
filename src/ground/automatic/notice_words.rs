//! The words of notices, folded ([`super::fold`]): labels, leads, borders of the returned letter.
//!
//! Sources: the templates of the mail servers named in the fixtures, and those of the test corpora. A row here
//! never decides the kind, only which address of a notice is the recipient's and where the notice ends.

/// What stands right before a recipient.
#[rustfmt::skip]
pub(super) static LABELS: &[&str] = &[
    "undeliverable address", "failed recipient", "intended recipient", "error-for", "recipient", "recipient address", "final-recipient",
    "original-recipient", "unknown user", "user unknown", "invalid final delivery userid", "undeliverable to", "addressed to", "recipients",
    "addressed to email address", "attempts", "expanded from", "generated from", "smtp", "rfc822", "mailbox is full", "failed address", "address",
    "email address", "e-mail address", "delivered to", "not delivered to", "unable to deliver to", "delivery to", "deliver to", "undelivered to",
    "destinataire", "empfanger", "destinatario", "geadresseerde", "adresat", "odbiorca", "mottaker", "mottagare", "modtager", "vastaanottaja", "получатель",
    "кому", "收件人", "受信者", "宛先", "수신자", "alici", "παραληπτης", "unknown recipient", "invalid recipient", "no such user", "mailbox", "user", "could not be delivered to",
];

/// Words of a sentence that leads to addresses on lines of their own.
#[rustfmt::skip]
pub(super) static LEADS: &[&str] = &[
    "following", "recipient", "deliver", "not reach", "failed", "failure", "undeliverable", "permanent fatal", "rejected", "your message", "your mail",
    "address", "errors", "permanent error", "delayed", "could not be sent", "not receive",
    "empfanger", "adresse", "zugestellt", "nachricht", "destinataire", "remis", "distribue", "delivre", "destinatario", "entreg", "direccion", "recapit", "consegn",
    "indirizz", "endereco", "geadresseerde", "bezorg", "adresat", "dostarcz", "doruc", "modtager", "mottaker", "mottagar", "lever", "vastaanottaj", "toimit",
    "cimzett", "kezbesit", "livra", "teslim", "alici", "παραδο", "доставл", "доставить", "адрес", "получател", "отримувач", "投递", "收件人", "地址", "送达", "配信", "宛先",
    "배달", "수신", "전송", "تسليم", "נמסר", "נמען",
];

/// Words of a sentence that fails an address in it.
#[rustfmt::skip]
pub(super) static FAILING: &[&str] = &[
    "deliver", "unknown", "reject", "no such", "quota", "full", "not exist", "doesn't exist", "unavailable", "invalid", "not found", "unable to", "undeliver", "failed",
    "refused", "disabled", "blocked", "blockiert", "bloque", "bloccat", "does not like", "not match", "exactly match", "returned", "bounce", "not be sent", "did not reach", "not listed", "wrong", "no longer", "unlisted", "refuse",
    "zugestellt", "unbekannt", "remis", "delivre", "distribue", "existe", "entreg", "recapit", "consegn", "bezorgd", "dostarcz", "doruc", "leveres", "leverer", "toimit", "доставл", "доставить", "не существует",
    "не найден", "投递", "不存在", "无法发送", "无法传递", "找不到", "無法寄送", "退信原因", "配信", "送信でき", "배달", "전송",
];

/// What stands before an address that is not the recipient's.
#[rustfmt::skip]
pub(super) static OTHERS: &[&str] = &[
    "contact", "send mail to", "send email to", "email to", "questions", "help", "reply to", "from:", "from", "from <", "sender", "sender:", "sender address", "from address", "sender address rejected:", "mail from:", "mail from:<", "on behalf of", "write to", "accepting mail from",
    "please reply to", "forward this", "e.g.", "try", "subject:", "reply-to:", "cc:", "bcc:", "date:", "message-id:", "mailto:", "by", "envelope from", "envelope-from", "return-path:", "return path:", "report to", "assistance, please", "from: <",
    "at <", "at", "message id", "message-id", "id", "id:", "message-id: <", "references:", "in-reply-to:",
];

/// Lines after which the returned letter begins, wherever they stand.
#[rustfmt::skip]
pub(super) static BORDERS: &[&str] = &[
    "below this line is a copy", "below the next line is a copy", "original message follows", "copy of the message, including", "copy of your message, including", "message headers follow", "message header follows",
    "copy of the message header", "headers of the original message follow", "header of the original message is following", "original message below this line",
    "lines of your original message", "lines of the message follow", "your message reads", "copy of the first part", "summary of the undelivered message", "old message:", "original message headers",
    "original message details", "original message header", "returned mail follows", "attachment is a copy of the message", "original message attached", "first part of the message, including", "is a copy of the original message", "original message is attached",
    "returned message follows", "message text follows", "below is a copy of", "copie du message original", "nachfolgend die kopie", "kopie der nachricht", "copia del mensaje original", "copia del messaggio", "below is the message header", "your original message follows",
    "undelivered message follows", "the following is the original message", "the original message:",
];

/// What a border of dashes and the like names.
#[rustfmt::skip]
pub(super) static DECORATED: &[&str] = &[
    "original", "returned m", "copy of", "message header", "header of", "message text", "unsent message", "forwarded message", "below this line", "message follows", "source mail", "nachricht", "weitergeleitet",
    "start of returned", "header", "message body", "undelivered message", "is a copy", "原信", "拷贝", "原件", "オリジナル", "元のメッセージ", "원본", "исходн", "копия",
];

/// Still being tried.
#[rustfmt::skip]
pub(super) static DELAYED: &[&str] = &[
    "not yet been delivered", "has been delayed", "is delayed", "delivery delayed", "message delayed", "will be retried", "still being retried", "delivery attempts will continue", "will continue trying", "will continue to try",
    "continue to attempt", "warning message only", "this is a warning only", "just a warning", "has been postponed", "keep trying", "will keep trying", "warning: message", "delayed mail", "delivery status notification (delay", "there was a temporary problem delivering", "delay in message delivery", "will try again", "will be tried again", "temporarily deferred",
    "could not send message for past", "has not yet been able", "still trying", "wird weiterhin versucht", "verzogert", "tentatives de remise se poursuiv", "a ete retardee", "remise differee", "se seguira intentando", "se ha retrasado", "continuera a tentare", "e stato ritardat", "wordt nogmaals geprobeerd",
];

/// Given up, where the same notice may tell that others arrived.
#[rustfmt::skip]
pub(super) static REFUSED: &[&str] = &[
    "delivery has failed", "delivery failed", "failed to deliver", "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered", "was not delivered", "wasn't delivered", "were not delivered", "not been delivered",
    "unable to deliver", "could not deliver", "couldn't deliver", "did not reach", "undeliverable", "permanent fatal errors", "recipients failed", "recipient failed", "recipients have failed", "addresses failed",
    "nicht zugestellt", "zustellung an diese empfanger oder gruppen ist fehlgeschlagen", "fehler bei der zustellung", "echec de la remise", "n'a pas pu etre", "n'ont pas pu etre", "n'a pas ete remis", "no se pudo entregar", "no se ha podido entregar", "error en la entrega",
    "non e stato possibile", "impossibile recapitare", "mancato recapito", "nao pode ser entregue", "nao foi possivel", "falha na entrega", "niet worden bezorgd", "niet worden afgeleverd", "bezorging is mislukt", "nie mozna dostarczyc", "nie moze zostac dostarczona", "nie mogla zostac dostarczona",
];

/// Handed to a server that reports nothing (Exchange).
#[rustfmt::skip]
pub(super) static RELAYED: &[&str] = &[
    "no delivery notification was sent by the destination", "no delivery confirmation was sent by the destination", "keine zustellbenachrichtigung vom zielserver", "keine zustellungsbenachrichtigung", "aucune notification de remise n'a ete envoyee",
    "no envio ninguna notificacion de entrega", "no envio notificacion de entrega", "non ha inviato alcuna notifica", "nenhuma notificacao de entrega foi enviada", "geen bezorgingsbericht", "nie wyslal powiadomienia o dostarczeniu",
];

/// Arrived.
#[rustfmt::skip]
pub(super) static ARRIVED: &[&str] = &[
    "successful mail delivery report", "was successfully delivered to the destination", "your message was successfully delivered", "your message has been delivered to the following", "your message has been successfully delivered",
    "your message was delivered to the following", "ihre nachricht wurde an folgende empfanger zugestellt", "ihre nachricht wurde den folgenden empfangern zugestellt", "votre message a ete remis aux destinataires", "se ha entregado el mensaje a los siguientes destinatarios",
    "il messaggio e stato recapitato ai seguenti destinatari", "a sua mensagem foi entregue aos seguintes destinatarios", "uw bericht is bezorgd bij de volgende",
];

/// Lines that go on about the recipient after a blank line: what the other server answered.
#[rustfmt::skip]
pub(super) static MORE: &[&str] = &[
    "additional information follows", "technical details", "diagnostic information", "the error that the other server returned was", "the response was", "the response from the remote server was",
    "remote server returned", "the reason given was", "the problem appears to be", "退信原因", "weitere informationen", "informations complementaires",
];

/// Whose mail did not arrive, as people say it of their own; servers say "your message". Folded.
#[rustfmt::skip]
pub(super) static FIRST_PERSON: &[&str] = &[
    "came back to me", "came back to us", "i got", "we got", "i received", "we received", "kam zuruck", "est revenu", "m'est revenu", "nous est revenu", "me fue devuelto", "mi e tornato", "mi e tornata", "kwam terug", // it came back
    "my message", "my mail", "my email", "my e-mail", "our mail", "our email", "our message", "i tried", "i wrote", "we tried", "we wrote", // en
    "meine nachricht", "meine mail", "meine e-mail", "meine email", "unsere mail", "unsere e-mail", "ich habe versucht", "wir haben versucht", // de
    "mon message", "mon mail", "mon e-mail", "mon courriel", "notre mail", "j'ai essaye", "j'ai ecrit", "mi mensaje", "mi correo", "he intentado", // fr, es
    "mio messaggio", "mia mail", "mia email", "mia e-mail", "ho provato", "minha mensagem", "meu email", "meu e-mail", "tentei", // it, pt
    "mijn bericht", "mijn mail", "mijn e-mail", "moja wiadomosc", "moj mail", "moje zprava", "muj mail", "min mail", "mitt mejl", "min besked", // nl, pl, cs, da, no, sv
    "viestini", "uzenetem", "mesajul meu", "mesajim", "μηνυμα μου", "мое сообщение", "мое письмо", "моє повідомлення", "мій лист", // fi, hu, ro, tr, el, ru, uk
];
