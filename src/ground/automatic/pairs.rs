//! Pairs of sentences that only programs write together, folded: help desks that acknowledge a letter, mailboxes that ask a
//! stranger to prove that they are a person. One of a pair a person may write; it must begin a line, the other may stand
//! anywhere in the new text.
//!
//! Sources: the default templates of Zendesk, Freshdesk, Intercom, osTicket, OTRS, Jira Service Management and Request Tracker in
//! their languages; of challenge and response services.

/// What a line begins with, and what else is said.
pub(super) struct Pair {
    pub(super) begins: &'static [&'static str],
    pub(super) says: Says,
}

/// The other sentence of a pair.
pub(super) enum Says {
    /// It holds one of these. The first one ends where it is said, with a stop, or goes on with one of these in the same sentence:
    /// "Nous avons bien reçu votre demande d'acompte" is a person's.
    Holds(&'static [&'static str]),
    /// It holds one of these and nothing behind it but [`TICKET_WORDS`].
    Ends(&'static [&'static str]),
    /// It asks for a proof with one of these, whatever follows the first one.
    Proof(&'static [&'static str]),
    /// A program declares itself ([`super::declared`]).
    Declares,
}

/// What help desks write behind a ticket they speak of, folded; numbers are taken out.
#[rustfmt::skip]
pub(super) static TICKET_WORDS: &[&str] = &[
    "and", "with", "ticket", "id", "the", "number", "reference", "assigned", "to", "for", "you", "your", "request", "it", "is", "has", "been", "was", "our", "support", "team", "representative", "a", "will", "be", "reviewing",
    "und", "mit", "der", "nummer", "ticketnummer", "erstellt", "fur", "sie", "ihre", "anfrage", "sous", "avec", "le", "numero", "reference", "pour", "votre", "demande", "con", "el", "para", "su", "solicitud", "il", "per", "la", "tua", "richiesta",
    "com", "o", "met", "het", "nummer", "ticketnummer", "voor", "uw", "aanvraag", "номер", "up", "shortly", "soon", "within", "hours", "on",
];

/// Numbers are taken out of the text: "Your request (#123) has been received".
#[rustfmt::skip]
pub(super) static PAIRS: &[Pair] = &[
    // A request was taken in; what is done with it, and how to add to it. Agents' answers say the latter, too, but never the first.
    Pair {
        begins: &[
            "your request has been received", "your ticket has been received", "your case has been received", "ihre anfrage ist eingegangen", "ihre anfrage ist bei uns eingegangen", "ihre anfrage wurde empfangen",
            "votre demande a ete recue", "votre demande a bien ete recue", "su solicitud ha sido recibida", "tu solicitud ha sido recibida", "la tua richiesta e stata ricevuta", "la sua richiesta e stata ricevuta", "la richiesta e stata ricevuta",
            "sua solicitacao foi recebida", "a sua solicitacao foi recebida", "o seu pedido foi recebido", "uw aanvraag is ontvangen", "je aanvraag is ontvangen", "twoje zgloszenie zostalo odebrane", "twoje zgloszenie zostalo przyjete", "vas pozadavek byl prijat",
            "din henvendelse er modtaget", "din anmodning er modtaget", "din forfragan har tagits emot", "foresporselen din er mottatt", "pyyntosi on vastaanotettu", "keresesedet megkaptuk", "solicitarea dvs. a fost primita", "solicitarea dumneavoastra a fost primita",
            "talebiniz alindi", "το αιτημα σας εχει ληφθει", "ваш запрос получен", "ваша заявка получена", "ваше обращение получено", "ваш запит отримано", "お問い合わせを受け付けました", "您的请求已收到", "已收到您的请求", "문의가 접수되었습니다", "פנייתך התקבלה", "تم استلام طلبك",
        ],
        says: Says::Holds(&[
            "reviewed by our support", "add additional comments", "supportmitarbeitern bearbeitet", "kommentare hinzuzufugen", "en cours d'examen", "ajouter d'autres commentaires", "ajouter des commentaires", "siendo revisada por", "agregar comentarios", "anadir comentarios",
            "in fase di revisione", "in fase di esame", "aggiungere altri commenti", "aggiungere commenti", "sendo analisada por", "a ser analisado", "adicionar mais comentarios", "adicionar comentarios", "beoordeeld door ons", "opmerkingen toe te voegen", "rozpatrywane przez", "aby dodac komentarz",
            "pridat dalsi komentare", "pridat komentar", "tilfoje yderligere kommentarer", "tilfoje kommentarer", "lagga till fler kommentarer", "lagga till kommentarer", "legge til flere kommentarer", "lisata kommentteja", "lisata kommentin", "tovabbi megjegyzes", "adauga comentarii", "yorum eklemek icin",
            "προσθεσετε σχολια", "рассматривается сотрудниками", "добавить комментари", "додати коментар", "コメントを追加するには", "サポートスタッフが", "添加其他评论", "添加评论", "댓글을 추가", "להוסיף הערות", "لإضافة تعليقات",
        ]),
    },
    // The same, with the ticket that was made of it.
    Pair {
        begins: &[
            "we have received your request", "we received your request", "we have received your email", "we received your email", "we have received your message", "we would like to acknowledge that we have received", "a request for support has been created", "your request has been received",
            "wir bestatigen den eingang ihrer", "wir haben ihre anfrage erhalten", "nous accusons reception", "nous avons bien recu votre demande", "hemos recibido su solicitud", "hemos recibido tu solicitud", "abbiamo ricevuto la tua richiesta", "abbiamo ricevuto la sua richiesta",
            "recebemos a sua solicitacao", "recebemos sua solicitacao", "recebemos o seu pedido", "we hebben uw aanvraag ontvangen", "wij hebben uw aanvraag ontvangen", "otrzymalismy twoje zgloszenie", "vi har modtaget din henvendelse", "vi har mottagit ditt arende", "мы получили ваш запрос", "ваше обращение",
        ],
        says: Says::Ends(&[
            "ticket has been created", "assigned the ticket number", "assigned ticket number", "assigned an id", "created and assigned", "will be reviewing your request", "a representative will follow", "your ticket number is", "your ticket id is",
            "ein ticket mit der", "wurde ein ticket", "ticket erstellt", "ihre ticketnummer lautet", "un ticket a ete cree", "votre numero de ticket est", "se ha creado un ticket", "su numero de ticket es", "e stato creato un ticket", "il numero del ticket e",
            "foi criado um ticket", "um ticket foi criado", "is een ticket aangemaakt", "uw ticketnummer is", "numer zgloszenia to", "присвоен номер",
        ]),
    },
    // osTicket.
    Pair {
        begins: &["a request for support has been created and assigned"],
        says: Says::Proof(&["a representative will follow"]),
    },
    // Jira Service Management.
    Pair {
        begins: &["just confirming that we got your request"],
        says: Says::Holds(&["turn off this request's", "powered by jira"]),
    },
    // A machine thanks, and says that it is one.
    Pair {
        begins: &[
            "thank you for your", "thank you for contacting", "thanks for contacting", "thanks for reaching out", "thank you for reaching out", "thank you for getting in touch", "thanks for getting in touch",
            "we have received your", "we received your", "we've received your", "vielen dank fur ihre", "danke fur ihre", "wir haben ihre", "merci pour votre", "merci de nous avoir", "nous avons bien recu", "gracias por",
            "hemos recibido", "grazie per", "abbiamo ricevuto", "obrigado por", "obrigada por", "agradecemos o seu", "recebemos", "bedankt voor", "dank u voor", "dziekujemy za", "dekujeme za", "tak for din", "tack for ditt", "tack for att", "takk for", "kiitos", "koszonjuk", "va multumim", "tesekkur", "ευχαριστουμε", "спасибо за", "дякуємо за", "お問い合わせ", "感谢您", "감사합니다",
        ],
        says: Says::Declares,
    },
    // Nobody reads here any more.
    Pair {
        begins: &[
            "this mailbox is no longer", "this mailbox is not monitored", "this inbox is not monitored", "this email address is no longer", "this e-mail address is no longer", "diese e-mail-adresse wird nicht mehr", "diese adresse wird nicht mehr", "dieses postfach wird nicht",
            "cette adresse n'est plus", "cette adresse e-mail n'est plus", "cette boite n'est plus", "esta direccion ya no", "este buzon ya no", "questo indirizzo non e piu", "questa casella non e", "este endereco ja nao", "dit e-mailadres is niet meer", "deze mailbox wordt niet",
        ],
        says: Says::Declares,
    },
    // Somebody left.
    Pair {
        begins: &[
            "this is an automat", "this is an auto-", "dies ist eine automatisch", "ceci est un message automatique", "ceci est une reponse automatique", "este es un mensaje automatico", "questo e un messaggio automatico", "esta e uma mensagem automatica",
            "dit is een automatisch", "to jest automatyczn", "toto je automatick", "dette er en automatisk", "detta ar ett automatiskt", "это автоматическ", "це автоматичн",
        ],
        says: Says::Proof(&[
            "no longer works for", "no longer works at", "no longer employed", "is no longer with", "has left the company", "will not be forwarded", "is not forwarded",
            "arbeitet nicht mehr", "nicht mehr im unternehmen", "nicht mehr bei uns tatig", "wird nicht weitergeleitet", "ne travaille plus", "a quitte la societe", "a quitte l'entreprise", "ne fait plus partie", "ne sera pas transfere", "ya no trabaja", "ya no forma parte",
            "non lavora piu", "non fa piu parte", "ja nao trabalha", "nao trabalha mais", "werkt niet meer", "niet meer werkzaam", "juz nie pracuje", "nie pracuje juz", "jiz nepracuje", "arbejder ikke laengere", "arbeider ikke lenger", "arbetar inte langre", "больше не работает", "більше не працює",
        ]),
    },
    // A list of guests to which strangers add themselves (Boxbe); a mailbox behind TMDA.
    Pair {
        begins: &["your message about", "your message to me", "this message was created automatically by mail delivery software"],
        says: Says::Proof(&["add yourself to my guest list", "to release your message for delivery"]),
    },
    // A mailbox that lets strangers in only when they have proved to be people.
    Pair {
        begins: &[
            "this account is protected by", "this mailbox is protected by", "i am protecting myself from receiving junk", "i'm protecting myself from receiving junk", "i am protecting myself from spam", "i'm protecting myself from spam",
            "i apologize for this automatic reply to your email", "you recently sent an email to an account that is protected", "you recently sent an e-mail to an account that is protected",
            "your message is on hold", "your message has been put on hold", "your message is being held", "your email is on hold", "your mail is being held", "to make sure that you are a real person", "to make sure that you are human", "to prove that you are human",
            "votre message est en attente", "votre e-mail est en attente", "je protege ma messagerie", "je protege ma boite", "su mensaje esta en espera", "estoy protegiendo mi buzon", "estoy protegiendo mi correo", "il suo messaggio e in attesa", "ihre nachricht wird zuruckgehalten", "ich schutze mein postfach",
        ],
        says: Says::Proof(&[
            "senders i have approved beforehand", "my list of approved senders", "so i can receive your email", "to complete the sending of your", "challenge/response", "challenge-response",
            "address added to the recipient", "added to the allowed", "allowed list", "confirm your email address by", "confirm that you are a person", "confirm that you are a real person", "confirm that you are human", "verify that you are a person", "verify that you are a real person", "verify that you are human",
            "complete the verification", "you will only need to do this once", "you have to do this only once", "pour vous authentifier", "que vous n'etes pas un robot", "que vous etes humain", "que no es un robot", "que es una persona", "di non essere un robot", "kein roboter", "dass sie ein mensch sind",
        ]),
    },
];
