//! Frames in languages no fixture has, around whatever people write: not a word of theirs may be missing.
//!
//! The frames are ours, of the shape real ones have; nobody taught the reader their labels.

use super::{tests::letter_of, *};

/// What people write.
const SAID: [&str; 27] = [
    "Ok",
    "👍",
    "...",
    "?",
    "22:30",
    "We need:\n- towels\n- 2 keys\n* a cot\n1. coffee\n2) milk",
    "Adults: 2\nChildren: 1\nCar: yes",
    "Names:\nNora\nAges:\n5\nCar:\nVW",
    "Look:\n\nhttps://maps.example/abc\n\nIs that you?",
    "I saw you at\n\nhttps://www.booking.com/hotel/pt/x.html\n\nis it the same?",
    "Is it https://www.airbnb.com/rooms/1234567?x=1 this one?",
    "> you can park behind\nWhere behind?",
    "Hello\n\nNora Whitfield",
    "This is my family:\nNora Whitfield\nTom\n\nbye",
    "+44 7700 900123",
    "Hello\n-----\nbye",
    "## hi ##\ntext",
    "I arrive at:",
    "Hi\n\nThanks",
    "Merci\n\nMarta\n\nHost",
    "2 adults · 1 child · 1 dog",
    "Dear host,\n\nwe come late.\n\nCould we leave bags?\n\nKind regards\nNora",
    "مرحبا، هل يوجد موقف؟",
    "駐車場はありますか？\nよろしくお願いします。",
    "Original message:\n\nhello",
    "HELLO\n\nIS THERE PARKING",
    "[1] first\n[2] second",
];

/// How the sender is shown, who wrote, the button, the heading of the labels, three of them.
const BOOKING: [[&str; 7]; 9] = [
    [
        "{} a través de Booking.com",
        "{} ha escrito:",
        "Responder",
        "Datos",
        "Nombre:",
        "Entrada:",
        "Número:",
    ],
    [
        "{} através de Booking.com",
        "Mensagem de {}:",
        "Responder",
        "Dados",
        "Nome:",
        "Entrada:",
        "Número:",
    ],
    [
        "{} a Booking.com-on keresztül",
        "{} ezt írta:",
        "Válasz",
        "Foglalás",
        "Vendég:",
        "Érkezés:",
        "Szám:",
    ],
    [
        "Booking.com aracılığıyla {}",
        "{} yazdı:",
        "Yanıtla",
        "Bilgiler",
        "Misafir:",
        "Giriş:",
        "Numara:",
    ],
    [
        "{}（Booking.com経由）",
        "{}様からのメッセージ：",
        "返信",
        "予約詳細",
        "宿泊者名：",
        "入：",
        "予約番号：",
    ],
    ["Booking.com의 {}", "{} 님의 메시지:", "답장", "예약 정보", "이름:", "체크인:", "번호:"],
    ["{} через Booking.com", "{} пишет:", "Ответить", "Детали", "Имя:", "Заезд:", "Номер:"],
    ["{} عبر Booking.com", "كتب {}:", "رد", "تفاصيل الحجز", "الاسم:", "الوصول:", "الرقم:"],
    ["{} pomocí Booking.com", "{} píše:", "Zareagovat", "Údaje", "Jméno:", "Příjezd:", "Číslo:"],
];

/// The role below the name, the line between translation and original, the button.
const AIRBNB: [[&str; 3]; 6] = [
    ["Bokare", "Automatiskt översatt. Originalmeddelandet följer:", "Svara"],
    ["Responsável pela reserva", "Tradução automática. Segue-se o original:", "Responder"],
    ["Rezerwujący", "Przetłumaczono automatycznie. Oryginał:", "Odpowiedz"],
    ["予約者", "自動翻訳。元のメッセージ：", "返信する"],
    ["Гость", "Переведено автоматически. Исходное сообщение:", "Ответить"],
    ["Host", "Přeloženo automaticky. Původní zpráva:", "Odpovědět"],
];

fn message(raw: &str, text: String) -> RelayMail {
    match read(&letter_of(raw, text)) {
        Some(OtaMail::Message(mail)) => *mail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn booking_guests_say_whatever_they_say() {
    for name in ["Nora Whitfield", "anna muster", "José da Silva e Souza", "Li Wei", "X"] {
        for [shown, wrote, button, heading, who, when, number] in BOOKING {
            let raw = format!(
                "From: \"{}\" <5900000001-AB1C.DE2F.GH3I.JK1L@guest.booking.com>\r\n\r\n",
                shown.replace("{}", name)
            );
            for said in SAID {
                let text = format!(
                    "  ##- ... -##\n\n      59: 5900000001\n\n      {}\n\n{said}\n\n      {button}\n\
                     https://admin.booking.com/hotel/hoteladmin/inbox.html?reservation_id=5900\n000001&x=1\n\n\
                     {heading}\n\n{who}\n{name}\n\n{when}\n12.6.2026\n\n{number}\n5900000001\n\n© Booking.com\n",
                    wrote.replace("{}", name)
                );
                // The sender may show no name at all.
                let bare = format!("From: <5900000001-AB1C@guest.booking.com>{}", "\r\n\r\n");
                for raw in [&raw, &bare] {
                    let mail = message(raw, text.clone());
                    assert_eq!(mail.visitor_name.as_deref(), Some(name), "{shown}");
                    assert_eq!((mail.message.text.as_str(), mail.sure), (said, true), "{shown}");
                }
            }
        }
    }
}

#[test]
fn airbnb_guests_say_whatever_they_say() {
    let translation =
        "Olá, existe um supermercado aqui perto da casa que esteja aberto aos domingos?";
    let raw = "From: Airbnb <express@airbnb.com>\r\nReply-To: \"Nora (Airbnb)\" <q@reply.airbnb.com>\r\n\
               X-Template: homes_messaging/new_message\r\n\r\n";
    for [role, between, button] in AIRBNB {
        for said in SAID {
            for translated in [None, Some(translation)] {
                let above = translated.map(|words| format!("{words}\n\n{between}\n\n"));
                let text = format!(
                    "%opentrack%\n\nRE: CASA\n\nSafety first.\n\nNora\n\n{role}\n\n{}{said}\n\n{button}\n\
                     [https://www.airbnb.com/hosting/thread/2100000004?x=1]\n\nAlso.\n\nCASA\n",
                    above.unwrap_or_default()
                );
                let mail = message(raw, text);
                let found = (mail.message.text.as_str(), mail.message.translated.as_deref());
                assert_eq!(found, (said, translated), "{role}");
                assert!(mail.sure && mail.earlier.is_empty(), "{role} {said}");
            }
        }
    }
}

#[test]
fn a_name_is_found_without_the_text_too() {
    for (shown, name) in [
        ("Nora Whitfield via Booking.com", "Nora Whitfield"),
        ("Sanne van den Berg via Booking.com", "Sanne van den Berg"),
        ("Nora Whitfield a través de Booking.com", "Nora Whitfield"),
        ("Nora Whitfield (Booking.com)", "Nora Whitfield"),
        ("Nora Whitfield Booking.com-sivuston kautta", "Nora Whitfield"),
        ("Booking.com의 Nora Whitfield", "Nora Whitfield"),
        ("Nora Whitfield", "Nora Whitfield"),
        ("Booking.com Support via Booking.com", "Booking.com Support"),
    ] {
        let raw = format!("From: \"{shown}\" <5900000001-x.y@mchat.booking.com>\r\n\r\n");
        let mail = message(&raw, "Is there parking?".into());
        assert_eq!(mail.visitor_name.as_deref(), Some(name), "{shown}");
        assert_eq!((mail.message.text.as_str(), mail.sure), ("Is there parking?", false));
    }
}

#[test]
fn a_guest_speaks_from_airbnbs_other_address_too() {
    let text = "%opentrack%\n\nNora\n\nBooker\n\nIs it quiet?\n\nReply\n[https://www.airbnb.com/hosting/thread/2100000004?x=1]\n";
    for template in ["X-Template: homes_messaging/new_message\r\n", ""] {
        let raw = format!(
            "From: Airbnb <automated@airbnb.com>\r\nReply-To: \"Nora (Airbnb)\" <q@reply.airbnb.com>\r\n{template}\r\n"
        );
        let mail = message(&raw, text.into());
        assert_eq!((mail.message.text.as_str(), mail.sure), ("Is it quiet?", true));
        assert_eq!(mail.answer_to.unwrap().local(), "q");
    }
}

#[test]
fn what_was_said_before_is_told_apart() {
    let raw = "From: Airbnb <express@airbnb.com>\r\nReply-To: \"Nora (Airbnb)\" <q@reply.airbnb.com>\r\n\r\n";
    let theirs = ["Värd", "Anfitrião", "Gospodarz", "ホスト", "Хозяин", "Hostitel"];
    for ([role, _, button], theirs) in AIRBNB.into_iter().zip(theirs) {
        for said in SAID.into_iter().filter(|said| !said.contains("Host")) {
            let text = format!(
                "RE: CASA\n\nNora\n\n{role}\n\n{said}\n\nMarta\n\n{theirs}\n\nWe have a garden.\n\nSee you soon!\n\n\
                 Nora\n\n{role}\n\nIs there a garden?\n\n{button}\n[https://www.airbnb.com/hosting/thread/2100000004?x=1]\n"
            );
            let mail = message(raw, text);
            let earlier: Vec<(Side, &str)> =
                mail.earlier.iter().map(|entry| (entry.side, entry.text.as_str())).collect();
            let wanted = [
                (Side::Provider, "We have a garden.\n\nSee you soon!"),
                (Side::Visitor, "Is there a garden?"),
            ];
            assert_eq!(
                (mail.message.text.as_str(), earlier.as_slice()),
                (said, &wanted[..]),
                "{role}"
            );
        }
    }
}

#[test]
fn a_lost_link_loses_no_guest() {
    let head = "From: Airbnb <express@airbnb.com>\r\nReply-To: \"Nora (Airbnb)\" <Q1@reply.airbnb.com>\r\n";
    let text = "RE: CASA\n\nSafety first.\n\nNora\n\nBooker\n\nIs it quiet?\n\nReply\n";
    let linked = |number: &str| {
        format!("<a href=\"https://www.airbnb.com/hosting/thread/{number}?x=1\">Reply</a>")
    };
    for (html, key) in [
        (String::new(), (KeyKind::Alias, "q1@reply.airbnb.com")),
        (linked("2100000004") + &linked("2100000004"), (KeyKind::Thread, "2100000004")),
        (linked("2100000004") + &linked("2100000005"), (KeyKind::Alias, "q1@reply.airbnb.com")),
        (linked("2100000004").replace("airbnb", "evil"), (KeyKind::Alias, "q1@reply.airbnb.com")),
    ] {
        let mut letter = letter_of(&format!("{head}\r\n"), text.into());
        letter.html = Some(html.clone());
        let Some(OtaMail::Message(mail)) = read(&letter) else { panic!("no message: {html}") };
        assert_eq!((mail.keys[0].kind, mail.keys[0].value.as_str()), key, "{html}");
        assert!(mail.message.text.starts_with("Is it quiet?") && !mail.sure, "{mail:?}");
    }
    // Who cannot be answered, or only confirms, says nothing.
    let confirmed = format!("{head}X-Template: reservation_host_confirmation\r\n\r\n");
    for raw in [confirmed.as_str(), "From: Airbnb <express@airbnb.com>\r\n\r\n"] {
        let found = read(&letter_of(raw, text.into()));
        assert!(matches!(found, Some(OtaMail::Notice(_))), "{found:?}");
    }
}
