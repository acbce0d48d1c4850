//! Words machines use, per language: subjects and bodies of vacations, acknowledgements and bounces.
//!
//! All rows are folded ([`super::fold`]). Sources: the templates of Exchange/Outlook, Gmail, GMX, Zimbra,
//! Domino, Roundcube, cPanel and the help desks' acknowledgements, and for bounces those of the mail servers.
//! A phrase is looked for at the start of a subject that is no reply, and in unquoted text near the top: a
//! person who writes "out of office" in a sentence, or answers a bounce, gives no certain sum.

use super::{
    Evidence, Kind,
    behind::answers,
    fold::fold,
    templates,
    told::{spoken_of, told},
};
use crate::ground::letter::Letter;

/// The most that phrases of one table may add.
const MAX_BODY: i32 = 80;
/// The most that words of absence may add: hospitality mail is full of holidays.
const MAX_ABSENCE: i32 = 40;

/// The weight of an absence in a mail program's form.
pub(super) const OFFICE_COLON: i32 = 80;

/// In subjects that speak of holidays: every second visitor's mail does.
#[rustfmt::skip]
static HOLIDAYS: &[&str] = &[
    "vaca", "vakan", "urlaub", "ferie", "ferias", "conges", "holiday", "leave", "urlop", "dovolena", "semester", "loma", "szabadsag", "concediu", "izin", "αδεια",
    "отпуск", "відпуст", "休", "휴가", "בחופשה", "اجاز", "إجاز",
];

/// So much of the text is read for phrases (characters, unquoted).
const HEAD: usize = 3000;

/// Only a machine says this of itself: certain when a colon or nothing follows, as in "Automatic reply: X".
#[rustfmt::skip]
static MACHINE_SUBJECTS: &[&str] = &[
    "automatic reply", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", // en
    "automatic response", "automatic message", "automated message", "automated reply", "automated response", "out of office autoreply", "out of office reply",
    "out-of-office reply", "vacation reply", "vacation autoreply", "autoresponder", "auto responder", "[auto-reply]",
    "(auto-reply)", "[auto reply]", "[autoreply]", "automatic out of office reply", "out of office: automatic reply",
    "reponse automatique", "reponse auto", "message automatique", "auto-reponse", "reponse d'absence", // fr
    "notification d'absence", "message d'absence", "avis d'absence",
    "automatische antwort", "automatische ruckantwort", "automatische ruckmeldung", "abwesenheitsnotiz", // de
    "abwesenheitsnachricht", "abwesenheitsmeldung", "abwesenheitsbenachrichtigung", "abwesenheitsassistent",
    "automatische abwesenheitsnotiz", "automatische nachricht", "automatische eingangsbestatigung", "autoantwort",
    "automatische empfangsbestatigung", "automatische e-mail-antwort", "automatische email-antwort", "urlaubsnotiz",
    "respuesta automatica", "mensaje automatico", "contestacion automatica", "autorespuesta", "auto-respuesta", // es
    "auto respuesta", "respuesta de ausencia", "contestador automatico",
    "risposta automatica", "messaggio automatico", "notifica di assenza", "risponditore automatico", // it
    "autorisposta", "messaggio di assenza", "avviso di assenza", "auto-risposta",
    "resposta automatica", "mensagem automatica", "auto-resposta", "autorresposta", "mensagem de ausencia", // pt
    "aviso de ausencia",
    "automatisch antwoord", "automatische beantwoording", "automatische reactie", "automatische reply", // nl
    "afwezigheidsbericht", "afwezigheidsmelding", "automatisch bericht", "automatische ontvangstbevestiging",
    "automatische mail", "automatisch gegenereerd antwoord",
    "missatge automatic", "missatge d'absencia", // ca
    "automatyczna odpowiedz", "odpowiedz automatyczna", "autoodpowiedz", "wiadomosc automatyczna", // pl
    "automatyczne potwierdzenie", "autoresponder",
    "automaticka odpoved", "automaticke oznameni", "odpoved v nepritomnosti", "automaticka zprava", // cs, sk
    "automaticka odpoved mimo kancelar", "oznameni o nepritomnosti",
    "automatisk svar", "autosvar", "automatisk besked", "automatiskt svar", "franvaromeddelande", // da, no, sv
    "franvaroavisering", "fravaersmelding", "fravaersmeddelelse", "fravaersbesked", "automatisk melding", "feriesvar",
    "automatiskt meddelande", "fravaersassistent", "fravaersmelding",
    "automaattinen vastaus", "poissaoloviesti", "automaattivastaus", "automaattinen poissaoloviesti", // fi
    "automatikus valasz", "automatikus uzenet", "tavolleti ertesites", // hu
    "raspuns automat", "mesaj automat", // ro
    "otomatik yanit", "otomatik cevap", "otomatik mesaj", // tr
    "αυτοματη απαντηση", "αυτοματοποιημενη απαντηση", "αυτοματο μηνυμα", // el
    "автоматический ответ", "автоответ", "автоответчик", "автоматическое сообщение", // ru
    "автоматична відповідь", "автовідповідь", "автоматична вiдповiдь", "автоматичне повідомлення", // uk
    "自动回复", "自動回覆", "自动答复", "自動回復", "自動答覆", "自动应答", "自動回信", // zh
    "自動応答", "自動返信", "自動送信", "不在通知", "不在メッセージ", "【自動返信】", "【自動送信】", "【自動応答】", "[自動返信]", // ja
    "자동 회신", "자동 응답", "자동회신", "자동응답", "자동 답장", "자동답장", "[자동응답]", "[자동 회신]", "부재중 자동", // ko
    "رد تلقائي", "الرد التلقائي", "رد آلي", "رد الي", "رساله تلقائيه", "رد تلقائى", // ar
    "תשובה אוטומטית", "מענה אוטומטי", "הודעה אוטומטית", "הודעת היעדרות", // he
    "automatski odgovor", "samodejni odgovor", "автоматичен отговор", "аутоматски одговор", // hr, sl, bg, sr
    "automatinis atsakymas", "automatiska atbilde", "automaatvastus", "sjalfvirkt svar", // lt, lv, et, is
    "balasan otomatis", "jawapan automatik", "tra loi tu dong", "ตอบกลับอัตโนมัติ", "پاسخ خودکار", // id, ms, vi, th, fa
];

/// People write these too ("Absent on Monday"): weighty with a colon or alone, a hint otherwise.
#[rustfmt::skip]
static ABSENCE_SUBJECTS: &[&str] = &[
    "out of office", "out of the office", "out-of-office", "ooo", "on vacation", "on holiday", "on leave", // en
    "away from my mail", "away from office", "i am away", "away from the office", "vacation", "annual leave", "away:", "maternity leave",
    "absence du bureau", "absent du bureau", "absence", "absent", "absente", "en conges", "conges", "hors du bureau", // fr
    "abwesend", "abwesenheit", "nicht im buro", "im urlaub", "urlaub", "nicht im hause", "ausser haus", "out of office", // de
    "fuera de la oficina", "fuera de oficina", "ausente", "ausencia", "de vacaciones", "vacaciones", // es
    "fuori sede", "fuori ufficio", "assente", "assenza", "assenza dall'ufficio", "in ferie", "ferie", // it
    "fora do escritorio", "ausencia do escritorio", "ausencia temporaria", "de ferias", "ferias", // pt
    "afwezig", "afwezigheid", "niet aanwezig", "niet op kantoor", "met vakantie", "vakantie", // nl
    "fora de l'oficina", "absencia", "de vacances", // ca
    "poza biurem", "nieobecnosc", "nieobecny", "nieobecna", "urlop", // pl
    "nepritomnost", "mimo kancelar", "mimo kancelarie", "dovolena", "nepritomen", // cs, sk
    "ikke til stede", "ikke pa kontoret", "fravaer", "fravaerende", "pa ferie", "bortrejst", "borte fra kontoret", // da, no
    "ute av kontoret", "ej pa kontoret", "inte pa kontoret", "franvaro", "franvarande", "pa semester", "semester", // no, sv
    "poissa", "poissa toimistosta", "lomalla", "poissaolo", // fi
    "hazon kivul", "irodan kivul", "tavollet", "szabadsagon", "szabadsag", // hu
    "in afara biroului", "absent din birou", "plecat din birou", "in concediu", "concediu", // ro
    "ofis disinda", "ofis disi", "izindeyim", "yillik izin", // tr
    "εκτος γραφειου", "απουσια", "σε αδεια", // el
    "нет на месте", "отсутствую", "вне офиса", "в отпуске", "отпуск", "отсутствие", // ru
    "поза офісом", "відсутність", "у відпустці", "відпустка", // uk
    "不在办公室", "不在辦公室", "外出", "休假", "休假中", "不在", "不在のお知らせ", "外出中", "休暇", "休暇中", // zh, ja
    "부재중", "휴가", "휴가중", // ko
    "خارج المكتب", "في اجازه", "في إجازة", "מחוץ למשרד", "בחופשה", "לא במשרד", // ar, he
];

/// Absence of somebody named before: "Ana Silva is out of the office", in Domino's languages.
#[rustfmt::skip]
static ABSENT: &[&str] = &[
    "is out of the office", "is out of office", "ist ausser haus", "ist nicht im buro", "ist abwesend", "est absent", "est absente", "esta fuera de la oficina", "e fuori ufficio",
    "is afwezig", "esta fora do escritorio", "esta ausente", "e assente",
];

/// Acknowledgements: "we got it". People thank in subjects too, so these only add.
#[rustfmt::skip]
static RECEIPT_SUBJECTS: &[&str] = &[
    "we have received your", "we've received your", "we received your", "your request has been received", "request received", // en
    "thank you for contacting", "thanks for contacting", "thank you for your enquiry", "thank you for your inquiry",
    "thank you for getting in touch", "ticket received", "acknowledgement", "acknowledgment", "confirmation of receipt",
    "your message has been received", "your email has been received", "receipt confirmation", "read:", "delivered:", "[ticket", "case received",
    "accuse de reception", "nous avons bien recu", "votre demande a bien ete", "confirmation de reception", "lu :", "lu:", // fr
    "eingangsbestatigung", "empfangsbestatigung", "wir haben ihre", "ihre anfrage ist eingegangen", "gelesen:", // de
    "acuse de recibo", "hemos recibido su", "hemos recibido tu", "su mensaje ha sido recibido", "leido:", "leer:", // es
    "conferma di ricezione", "abbiamo ricevuto", "conferma ricezione", "letto:", "ricevuta di ritorno", // it
    "confirmacao de rece", "recebemos a sua", "recebemos o seu", "recebemos sua", "recebemos seu", "lida:", // pt
    "ontvangstbevestiging", "wij hebben uw", "we hebben uw", "gelezen:", "hem rebut el", "justificant de recepcio", // nl, ca
    "potwierdzenie otrzymania", "otrzymalismy", "przeczytano:", "potvrzeni prijeti", "prijali jsme", // pl, cs
    "kvittering for", "vi har modtaget", "vi har mottatt", "vi har mottagit", "mottagningsbekraftelse", "laest:", "lest:", // da, no, sv
    "olemme vastaanottaneet", "vahvistus", "visszaigazolas", "megkaptuk", "am primit", "confirmare de primire", // fi, hu, ro
    "talebiniz alinmistir", "mesajiniz alindi", "λαβαμε το", "επιβεβαιωση ληψης", // tr, el
    "ваше обращение", "ваша заявка", "ваш запрос", "мы получили", "ми отримали", "ваше звернення", // ru, uk
    "已收到您的", "我们已收到", "感謝您的來信", "お問い合わせありがとう", "お問い合わせを受け付け", "受付完了", "문의가 접수", "접수되었습니다", // zh, ja, ko
    "تم استلام", "قبلنا", "פנייתך התקבלה", "קיבלנו את", // ar, he
];

/// Bounces, as mail servers name them.
#[rustfmt::skip]
static BOUNCE_SUBJECTS: &[&str] = &[
    "undelivered mail returned to sender", "undelivered mail", "undeliverable", "undeliverable mail", "undeliverable message", // en
    "undelivered message", "undelivered:", "undelivered email", "returned mail", "returned email", "returned to sender", "returned message",
    "mail delivery fail", "mail delivery error", "mail delivery problem", "mail delivery warning", "mail delivery status", "mail delivery report",
    "mail delivery subsystem", "mail delivery system", "message delivery fail", "e-mail delivery fail", "email delivery fail",
    "delivery fail", "delivery status notification", "delivery report", "delivery notification", "delivery problem", "delivery error",
    "delivery has failed", "delivery delayed", "delivery unsuccessful", "delivery incomplete", "failure notice", "failure delivery",
    "failed mail", "failed delivery", "failed to deliver", "mail failed", "mail failure", "mail system error", "mail error", "mail not delivered",
    "mail could not be delivered", "message could not be delivered", "message not delivered", "message undeliverable", "message delayed",
    "message delivery delayed", "non-delivery", "nondeliverable", "non delivery", "nondelivery", "not delivered", "permanent delivery failure",
    "processing error", "warning: could not send", "warning: message", "warning: e-mail", "warning: mail", "warning: delivery", "delayed mail", "delayed:",
    "your message could not be delivered", "your mail could not be delivered", "your email could not be delivered", "address not found",
    "unable to deliver", "could not deliver", "automatically rejected mail", "rejected:", "rejected mail", "message rejected", "mail rejected",
    "recipient unknown", "unknown user", "user unknown", "invalid recipient", "mailbox full", "mailbox unavailable", "bounce:", "[bounce]", "failed to send", "there was an error sending your", "error sending your", "bounced mail",
    "bounced message", "bounce notification", "mail bounced", "notification of delivery", "unzustellbar", "unzustellbare nachricht",
    "nicht zugestellt", "nicht zustellbar", "zustellung", "rucklauf", "fehler bei der zustellung", "ubermittlung fehlgeschlagen", // de
    "e-mail konnte nicht", "ihre nachricht konnte nicht", "benachrichtigung zum ubermittlungsstatus", "mail nicht zustellbar",
    "non remis", "non delivre", "echec de", "echec d'envoi", "notification d'etat de remise", "message non distribue", "message non remis", // fr
    "message retourne", "courrier non distribue", "avis de non-remise", "impossible de remettre", "remise differee", "rapport de non",
    "no se puede entregar", "no entregado", "no se pudo entregar", "correo devuelto", "mensaje no entregado", "error de entrega", // es
    "notificacion de estado de entrega", "devuelto", "mensaje devuelto", "fallo en la entrega", "no entregable", "entrega fallida",
    "non recapitabile", "impossibile recapitare", "mancato recapito", "mancata consegna", "messaggio non recapitato", // it
    "notifica dello stato del recapito", "errore di consegna", "avviso di mancata consegna", "avviso di mancato recapito", "consegna fallita",
    "nao e possivel entregar", "nao entregue", "falha na entrega", "mensagem nao entregue", "notificacao de status de entrega", // pt
    "notificacao do estado da entrega", "nao foi possivel entregar", "mensagem devolvida", "e-mail devolvido", "devolucao",
    "onbestelbaar", "niet bezorgd", "kan niet worden bezorgd", "niet afgeleverd", "bezorging mislukt", "melding van aflevering", // nl
    "no es pot lliurar", "no lliurat", "error de lliurament", // ca
    "niedostarczalne", "niedostarczone", "nie mozna dostarczyc", "niedostarczona", "zwrot poczty", "powiadomienie o stanie dostarczenia", "blad dostarczania", // pl
    "nedoruceno", "nedorucitelne", "nelze dorucit", "neni mozne dorucit", "chyba doruceni", "nedorucitelna", // cs, sk
    "ikke leveret", "kan ikke leveres", "kunne ikke leveres", "uleveret", "ulevert", "ikke levert", "kan ikke leveres", "oleverbart", // da, no, sv
    "olevererat", "gick inte att leverera", "kunde inte levereras", "ej levererat", "misslyckad leverans", "retur", "leveransfel",
    "ei voida toimittaa", "toimitus epaonnistui", "perille toimittamaton", "viestia ei voitu toimittaa", // fi
    "kezbesithetetlen", "nem kezbesitheto", "sikertelen kezbesites", // hu
    "nelivrat", "nu poate fi livrat", "imposibil de livrat", "livrare esuata", // ro
    "teslim edilemedi", "teslim edilemeyen", "iletilemedi", "gonderilemedi", // tr
    "μη παραδοτεο", "δεν ειναι δυνατη η παραδοση", "αποτυχια παραδοσης", // el
    "не доставлено", "недоставлен", "ваше сообщение не доставлено", "сообщение не доставлено", "недоставленное", "ошибка доставки", // ru
    "не удается доставить", "не удалось доставить", "невозможно доставить", "возврат", "письмо не доставлено",
    "не вдалося доставити", "не доставлено", "недоставлене", "неможливо доставити", // uk
    "无法送达", "無法傳遞", "未送达", "退信", "投递失败", "发送失败", "郵件無法", "邮件投递失败", "系统退信", "邮件投递", "邮件发送失败", "無法送達", // zh
    "配信不能", "配信できません", "配信エラー", "メール配信エラー", "送信エラー", "エラーメール", "未配信", "配達不能", // ja
    "배달되지 않음", "배달 실패", "배달할 수 없음", "전송 실패", "발송 실패", "메일 전송 실패", "전달 실패", "메일이 정상적으로 전송되지", // ko
    "تعذر التسليم", "تعذر تسليم", "غير قابل للتسليم", "لم يتم التسليم", "לא ניתן למסור", "כשל במסירה", "הודעה לא נמסרה", // ar, he
];

/// Of these the words people use for parcels and deposits: a server's own only where nothing goes on.
#[rustfmt::skip]
static EVERYDAY: &[&str] = &["devolucao", "devuelto", "retur", "zustellung", "rucklauf", "возврат"];

/// A machine about itself: (phrase in a body, weight).
#[rustfmt::skip]
static MACHINE_BODIES: &[(&str, i32)] = &[
    ("to complete the verification process", 50), ("to my guest list", 50), ("pour vous authentifier", 50), // challenges
    ("this is an automat", 60), ("this is an auto-", 60), ("this message is automatically generated", 60), // en
    ("this message was automatically generated", 60), ("automatically generated response", 60),
    ("automated response", 50), ("automatic reply", 40), ("auto-generated", 40),
    ("do not reply to this", 40), ("please do not respond to this", 40), ("this mailbox is not monitored", 50),
    ("message automatique", 50), ("reponse automatique", 50), ("merci de ne pas repondre", 40), // fr
    ("ne pas repondre a ce", 40), ("genere automatiquement", 50), ("envoye automatiquement", 50),
    ("automatisch generiert", 50), ("automatisch erzeugt", 50), ("automatische antwort", 40), // de
    ("antworten sie nicht auf diese", 40), ("automatisch erstellt", 50), ("automatisch versendet", 50),
    ("dies ist eine automatisch", 60), ("automatische eingangsbestatigung", 50), ("automatische empfangsbestatigung", 50),
    ("unter der ticketnummer", 50), ("ihre ticketnummer", 50), ("unter der vorgangsnummer", 50), ("ihre vorgangsnummer", 50),
    ("mensaje automatico", 50), ("respuesta automatica", 50), ("no responda a este", 40), // es
    ("generado automaticamente", 50), ("messaggio automatico", 50), ("risposta automatica", 50), // it
    ("non rispondere a quest", 40), ("generato automaticamente", 50), ("generata automaticamente", 50),
    ("mensagem automatica", 50), ("resposta automatica", 50), ("nao responda a est", 40), // pt, ca
    ("automatisch gegenereerd", 50), ("automatisch bericht", 50), ("automatisch verzonden", 50), // nl
    ("wiadomosc wygenerowana automatycznie", 50), ("prosimy nie odpowiadac", 40), ("automatyczna odpowiedz", 50), // pl
    ("automaticky generovan", 50), ("automaticka odpoved", 50), // cs
    ("automatisk genereret", 50), ("automatisk svar", 50), ("automatiskt svar", 50), // da, no, sv
    ("automatiskt genererat", 50), ("automatisk generert", 50), ("automaattinen", 40), // fi
    ("automatikus", 40), ("raspuns automat", 50), ("mesaj automat", 50), // hu, ro
    ("otomatik olarak", 40), ("αυτοματο μηνυμα", 50), ("αυτοματη απαντηση", 50), // tr, el
    ("автоматический ответ", 50), ("автоматическое сообщение", 50), ("отправлено автоматически", 50), // ru
    ("сформировано автоматически", 50), ("автоматична відповідь", 50), ("надіслано автоматично", 50), // uk
    ("自动回复", 50), ("请勿回复", 40), ("自動回覆", 50), ("自動送信", 50), // zh, ja
    ("自動返信", 50), ("자동으로 발송", 50), ("자동 응답", 50), ("발신 전용", 50), // ko
    ("رد تلقائي", 50), ("رسالة تلقائية", 50), ("הודעה אוטומטית", 50), ("מענה אוטומטי", 50), // ar, he
];

/// Absence, and "we got it". Visitors write of their holidays too: together these stay small.
#[rustfmt::skip]
static ABSENCE_BODIES: &[(&str, i32)] = &[
    ("out of the office", 40), ("out of office", 40), ("away from the office", 40), ("on annual leave", 40), // en
    ("limited access to", 20), ("on vacation", 30), ("we have received your", 30), ("upon my return", 30),
    ("when i return", 20), ("will be back on", 20), ("we will get back to you", 20), ("on leave until", 40),
    ("absent du bureau", 40), ("actuellement absent", 40), ("en conges", 40), ("suis absent", 40), // fr
    ("a mon retour", 30), ("nous avons bien recu", 30), ("serai de retour", 30), ("en cas d'urgence", 20),
    ("nicht im buro", 40), ("nicht im haus", 40), ("bin abwesend", 40), ("im urlaub", 30), // de
    ("nach meiner ruckkehr", 40), ("wieder erreichbar", 30), ("wird nicht weitergeleitet", 40), ("wir haben ihre", 20),
    ("schnellstmoglich", 20), ("anfrage ist bei uns eingegangen", 20), ("nachricht ist bei uns eingegangen", 20),
    ("in dringenden fallen", 30), ("fuera de la oficina", 40), ("estoy de vacaciones", 40), ("a mi regreso", 30), // es
    ("hemos recibido su", 30), ("estare ausente", 40), ("fuori ufficio", 40), ("sono assente", 40), // it
    ("al mio rientro", 40), ("abbiamo ricevuto", 20), ("in ferie", 30), ("fora do escritorio", 40), // pt
    ("estou de ferias", 40), ("no meu regresso", 40), ("recebemos a sua", 20), ("estarei ausente", 40),
    ("niet aanwezig", 40), ("afwezig", 40), ("op vakantie", 30), ("met vakantie", 30), // nl
    ("bij dringende", 30), ("fora de l'oficina", 40), ("estic de vacances", 40), // ca
    ("poza biurem", 40), ("jestem na urlopie", 40), ("przebywam na urlopie", 40), ("w pilnych sprawach", 30), // pl
    ("mimo kancelar", 40), ("na dovolene", 30), ("ikke pa kontoret", 40), ("pa ferie", 30), // cs, da, no
    ("ute av kontoret", 40), ("inte pa kontoret", 40), ("pa semester", 30), ("ar tillbaka", 20), // no, sv
    ("poissa toimistosta", 40), ("olen lomalla", 40), ("szabadsagon", 40), ("hazon kivul", 40), // fi, hu
    ("in afara biroului", 40), ("sunt in concediu", 40), ("ofis disinda", 40), ("izindeyim", 40), // ro, tr
    ("εκτος γραφειου", 40), ("σε αδεια", 30), ("в отпуске", 40), ("вне офиса", 40), // el, ru
    ("у відпустці", 40), ("поза офісом", 40), ("不在办公室", 40), ("休假", 30), // uk, zh
    ("不在にして", 40), ("休暇", 30), ("부재중", 40), ("휴가", 30), // ja, ko
    ("خارج المكتب", 40), ("في إجازة", 40), ("מחוץ למשרד", 40), ("בחופשה", 40), // ar, he
];

/// Openings of mail servers' notices, and what they complain about.
#[rustfmt::skip]
static BOUNCE_BODIES: &[(&str, i32)] = &[
    ("this is the mail system at host", 60), ("this is the postfix", 60), ("qmail-send program", 60), ("this is the deliver program", 60),
    ("created automatically by mail delivery", 60), ("had delivery problems", 60), ("had trouble delivering", 60), ("rejected by a remote mail server", 60), ("there was an error delivering your mail", 60), ("following recipients were affected", 60), ("was undeliverable", 60), ("an error has occurred while attempting to deliver", 60), ("delivery status notification", 60), ("i'm sorry to have to inform you that", 60),
    ("had permanent fatal errors", 60), ("did not reach the following recipient", 60), ("did not reach some or all of the", 60),
    ("delivery has failed to these recipients", 60), ("rejected your message to the following", 60), ("message from interscan", 60),
    ("is a delivery failure notification", 60), ("non-delivery report", 60), ("failed recipient", 60), ("failed addresses", 60),
    ("this message was undeliverable due to", 60), ("undeliverable address", 60), ("no such user", 40), ("user unknown", 40),
    ("could not be delivered", 50), ("unable to deliver", 50), ("wasn't able to deliver", 50), ("was not able to deliver", 50),
    ("cannot be delivered", 50), ("couldn't be delivered", 50), ("was not delivered", 50), ("not been delivered", 50), ("wasn't delivered", 50),
    ("could not deliver", 50), ("not yet been delivered", 50), ("delivery failed", 40), ("has been delayed", 30), ("failed to deliver", 40),
    ("delivery to the following recipient", 60), ("undeliverable to", 50), ("invalid final delivery userid", 60), ("unknown user:", 50),
    ("delivery of email to this address", 50), ("mailbox is full", 30), ("over quota", 30), ("has been returned", 30), ("quota exceeded", 30),
    ("was automatically rejected", 50), ("was rejected by", 30), ("message not delivered", 50), ("error-for:", 60), ("did not receive", 40),
    ("did not exactly match", 30), ("address not found", 50), ("message blocked", 40), ("encountered delivery problems", 50),
    ("konnte nicht zugestellt", 60), ("nicht zugestellt werden", 60), ("fehler bei der ubermittlung", 60), ("nicht ubermittelt werden", 50), // de
    ("n'a pas pu etre", 50), ("n'a pas ete remis", 60), ("echec de la remise", 60), ("impossible de remettre", 50), ("n'ont pas pu etre remis", 50), // fr
    ("no pudo ser entregado", 60), ("no se pudo entregar", 60), ("no se ha podido entregar", 60), ("error en la entrega", 50), // es
    ("non e stato possibile recapitare", 60), ("impossibile recapitare", 50), ("non e stato recapitato", 60), ("mancato recapito", 50), // it
    ("nao pode ser entregue", 60), ("nao foi possivel entregar", 60), ("falha na entrega", 50), ("no s'ha pogut lliurar", 60), // pt, ca
    ("kon niet worden bezorgd", 60), ("kan niet worden bezorgd", 60), ("bezorging is mislukt", 50), ("niet worden afgeleverd", 50), // nl
    ("nie moze zostac dostarczona", 60), ("nie mozna dostarczyc", 50), ("nie mogla zostac dostarczona", 60), ("nie dotarla do", 60), // pl
    ("nelze dorucit", 50), ("nebylo mozne dorucit", 60), ("kunne ikke leveres", 60), ("kunde inte levereras", 60), // cs, da, no, sv
    ("ei voitu toimittaa", 60), ("nem sikerult kezbesiteni", 60), ("nu a putut fi livrat", 60), ("teslim edilemedi", 60), // fi, hu, ro, tr
    ("δεν ηταν δυνατη η παραδοση", 60), ("не может быть доставлено", 60), ("не удалось доставить", 60), ("не было доставлено", 60), // el, ru
    ("не вдалося доставити", 60), ("无法投递", 60), ("无法送达", 60), ("投递失败", 50), ("邮件无法", 60), ("無法傳遞", 60), ("无法传递你", 60), // uk, zh
    ("配信できませんでした", 60), ("配信されませんでした", 60), ("送信できませんでした", 60), ("배달하지 못했습니다", 60), // ja, ko
    ("전송되지 못했습니다", 60), ("전송되지 않았습니다", 60), ("تعذر تسليم", 60), ("لم يتم تسليم", 60), ("לא ניתן היה למסור", 60), // ar, he
];

/// What a bounce's subject says further in: "Your message to X could not be delivered", "FAILED MAIL to …".
#[rustfmt::skip]
static BOUNCE_INSIDE: &[&str] = &[
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered", "not be delivered", "not delivered", "wasn't delivered", "undeliverable", "undelivered",
    "unknown user", "user unknown", "no such user", "mailbox full", "mailbox is full", "quota exceeded", "over quota", "delivery fail", "returned to sender", "delivery status", "bounced",
    "nicht zugestellt", "nicht zustellbar", "non remis", "non delivre", "non distribue", "no entregad", "nao entregue", "non recapitat", "niet bezorgd", "niet afgeleverd", "не доставлен",
];

/// Prefixes of replies and forwards: what follows is the subject of another letter.
#[rustfmt::skip]
static REPLY_PREFIXES: &[&str] = &[
    "re:", "fw:", "fwd:", "aw:", "wg:", "sv:", "vs:", "tr:", "rv:", "r:", "i:", "antw:", "antwort:", "odp:", "ynt:", "res:", "enc:", "vb:",
    "ref:", "fs:", "doorst:", "rif:", "pd:", "回复:", "答复:", "转发:", "回覆:", "轉寄:", "відп:", "ha:", "на:", "απ:", "πρθ:", "השב:", "הועבר:", "re :", "tr :",
];

/// What the subject says.
///
/// A name alone, in brackets or behind a dash stands in a person's subject, too, when they ask or tell about it (`told_of`).
pub(super) fn subject(subject: &str, told_of: impl Fn(&str) -> bool) -> Vec<Evidence> {
    let folded = fold(subject, 300);
    let mut found = Vec::new();
    let answered = REPLY_PREFIXES.iter().any(|p| folded.starts_with(p));
    let head = without_tags(&folded);
    if let Some(phrase) = named_at_end(&folded).or_else(|| named_at_start(&folded)) {
        let (signal, weight) = if told_of(phrase) {
            ("subject:told", 20)
        } else {
            ("subject:automatic", super::CERTAIN)
        };
        found.push(Evidence::new(Kind::AutoReply, signal, phrase, weight));
    } else if !answered {
        if let Some((phrase, ended)) = opening(head, MACHINE_SUBJECTS) {
            let (signal, weight) = match (told(head, phrase), ended) {
                (true, _) => ("subject:told", 10),
                // A whole subject that a person may speak of; a program appends the one it answers.
                (false, true) if is_alone(head, phrase) && told_of(phrase) => ("subject:told", 20),
                (false, true) => ("subject:automatic", super::CERTAIN),
                (false, false) => ("subject:automatic", 70),
            };
            found.push(Evidence::new(Kind::AutoReply, signal, phrase, weight));
        } else if let Some((phrase, ended)) = opening(head, ABSENCE_SUBJECTS) {
            // "Out of office: <your subject>" is a mail program's; "Vacation" may be a wish.
            let holiday = HOLIDAYS.iter().any(|h| phrase.contains(h));
            // "Out of Office Re: <your subject>" is one, too.
            let rest = head[phrase.len()..].trim_start();
            let of_ours = REPLY_PREFIXES.iter().any(|p| rest.starts_with(p));
            let colon = rest.starts_with(':') || of_ours;
            let weight = match (holiday, colon, ended) {
                (false, true, _) => OFFICE_COLON,
                (false, false, true) => 60,
                _ => 20,
            };
            found.push(Evidence::new(Kind::AutoReply, "subject:absence", phrase, weight));
        } else if let Some(away) = ABSENT.iter().find(|p| head.contains(*p)) {
            // "AUTO: Ana is out of the office (returning 30/11)" (Domino); a person says it of a colleague.
            let weight = if head.starts_with("auto:") { super::CERTAIN } else { 20 };
            let signal = if weight == 20 { "subject:absence" } else { "subject:automatic" };
            found.push(Evidence::new(Kind::AutoReply, signal, away, weight));
        } else if let Some(phrase) = RECEIPT_SUBJECTS.iter().find(|p| folded.contains(*p)) {
            found.push(Evidence::new(Kind::AutoReply, "subject:receipt", phrase, 30));
        }
    }
    if !answered {
        let bounce = opening(head, BOUNCE_SUBJECTS);
        if let Some((phrase, _)) = bounce.filter(|(p, ended)| *ended || !EVERYDAY.contains(p)) {
            found.push(Evidence::new(Kind::Dsn, "subject:bounce", phrase, 60));
            return found;
        }
    }
    // "Re: Automatic reply: x" is a person's answer to one, or another machine's where the envelope says so too.
    let behind = head.split_once(':').map_or("", |(_, rest)| rest.trim_start());
    if let Some((phrase, true)) = opening(behind, MACHINE_SUBJECTS).filter(|_| answered) {
        found.push(Evidence::new(Kind::AutoReply, "subject:told", phrase, 20));
    }
    // Servers that answer with "RE: <your subject> : delivery failed", people who ask about a bounce.
    let weight = if answered { 20 } else { 40 };
    if let Some(phrase) = BOUNCE_INSIDE.iter().find(|p| folded.contains(*p)) {
        found.push(Evidence::new(Kind::Dsn, "subject:bounce-inside", phrase, weight + 10));
    } else if let Some(phrase) =
        BOUNCE_SUBJECTS.iter().find(|p| p.len() > 14 && folded.contains(*p))
    {
        found.push(Evidence::new(Kind::Dsn, "subject:bounce-inside", phrase, weight));
    }
    found
}

fn is_alone(head: &str, phrase: &str) -> bool {
    !head[phrase.len()..].contains(char::is_alphanumeric)
}

/// "[Automatyczna odpowiedź] Twój pobyt": the answer names itself in brackets before the subject it answers.
fn named_at_start(folded: &str) -> Option<&'static str> {
    let inside = folded.strip_prefix(['[', '(', '【'])?;
    let (first, _) = inside.split_once([']', ')', '】'])?;
    MACHINE_SUBJECTS
        .iter()
        .find(|p| p.trim_matches(['[', ']', '(', ')', '【', '】']) == first.trim())
        .copied()
}

/// "Re: Your stay [auto-reply]", "Ihre Anfrage - Abwesenheitsnotiz": the answer names itself behind the subject it answers.
fn named_at_end(folded: &str) -> Option<&'static str> {
    let inside = ["[", "(", "【", "- "]
        .iter()
        .filter_map(|open| folded.rfind(open).map(|at| at + open.len()));
    let last = folded[inside.max()?..].trim_end_matches([']', ')', '】', '.', ' ']).trim();
    let framed = folded.ends_with([']', ')', '】']);
    let name = MACHINE_SUBJECTS
        .iter()
        .find(|p| p.trim_matches(['[', ']', '(', ')', '【', '】']) == last)?;
    (framed || folded.contains(" - ")).then_some(*name)
}

/// The subject without a leading `[tag]`, `***` or the like.
fn without_tags(subject: &str) -> &str {
    let mut rest = subject;
    while let Some(tail) = rest.strip_prefix('[').and_then(|t| t.split_once(']')) {
        if tail.1.trim().is_empty() {
            break;
        }
        rest = tail.1.trim_start();
    }
    rest.trim_start_matches(|c: char| c.is_ascii_punctuation() && c != '[' && c != '(' || c == ' ')
}

/// The longest phrase the text starts with, and whether it ends there (colon, dash, bracket, end).
fn opening(text: &str, phrases: &[&'static str]) -> Option<(&'static str, bool)> {
    let phrase = phrases.iter().filter(|p| text.starts_with(**p)).max_by_key(|p| p.len())?;
    let rest = text[phrase.len()..].trim_start();
    let after_space = text[phrase.len()..].starts_with(' ');
    let wide = phrase.chars().next_back().is_some_and(|c| !c.is_alphabetic() || c as u32 > 0x2e80);
    let boundary =
        rest.is_empty() || after_space || wide || !rest.starts_with(char::is_alphanumeric);
    let ended = rest.is_empty()
        || phrase.ends_with([':', ']', '】', ')'])
        || [":", "- ", "(", "[", "|", "/", "!", "\"", ".", "】", "・"]
            .iter()
            .any(|end| rest.starts_with(end));
    // "zustellung" also opens "Zustellungsurkunde", "echec de" does not end at a word: only prefixes of
    // bounce subjects are long enough to be taken inside a word.
    (boundary || phrase.len() > 9).then_some((*phrase, ended && boundary))
}

/// What the unquoted start of the text says.
pub(super) fn body(letter: &Letter) -> Vec<Evidence> {
    let text = letter.text();
    let own: String = text
        .lines()
        .filter(|l| !l.trim_start().starts_with('>'))
        .take(120)
        .flat_map(|l| [l, "\n"])
        .collect();
    let folded = fold(&own, HEAD);
    let asks = templates::asks(&own);
    let mut found = Vec::new();
    // A first letter that speaks of holidays is a visitor's, whatever path a forwarder gave it.
    let absence = if answers(letter) { MAX_ABSENCE } else { MAX_ABSENCE / 2 };
    for (table, kind, signal, most) in [
        (MACHINE_BODIES, Kind::AutoReply, "body:machine", MAX_BODY),
        (ABSENCE_BODIES, Kind::AutoReply, "body:absence", absence),
        (BOUNCE_BODIES, Kind::Dsn, "body:bounce", MAX_BODY),
    ] {
        let mut left = most;
        for (phrase, weight) in table.iter().filter(|(phrase, _)| folded.contains(phrase)) {
            let only_told = || told(&folded, phrase) || asks && spoken_of(&folded, phrase);
            if left > 0 && (kind == Kind::Dsn || !only_told()) {
                found.push(Evidence::new(kind, signal, phrase, (*weight).min(left)));
                left -= weight;
            }
        }
    }
    found
}
