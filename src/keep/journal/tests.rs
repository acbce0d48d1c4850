use super::*;
use crate::ground::{
    audit::Action,
    conversation::Channel,
    key::{AccountId, ConversationId, MessageKey},
    language::Language,
    stay,
    translation::Translation,
};

#[test]
fn old_lines_of_the_audit_log_are_blanked_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let journal = Journal::open(&path).unwrap();
    let at = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
    let acted = |day| {
        let action = Action {
            account: AccountId(1),
            who: "Ana \"acted\"".into(),
            what: "delete".into(),
            about: String::new(),
            peer: String::new(),
            refused: None,
        };
        Entry { at: at(day), event: Event::Acted(action) }
    };
    let gone = Event::Deleted { conversation: ConversationId(4), latest: None };
    let other = Entry { at: at(1), event: gone };
    journal.append(&[acted(1), other.clone(), acted(2), acted(3)]).unwrap();
    let length = std::fs::metadata(&path).unwrap().len();
    assert_eq!(journal.forget_actions(at(3)).unwrap(), 2);
    journal.note(&[acted(4)]).unwrap();
    assert_eq!(journal.read().unwrap(), (vec![other, acted(3), acted(4)], 0));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.len() as u64 > length && text.matches("Ana").count() == 2, "{text}");
    assert_eq!(journal.forget_actions(at(3)).unwrap(), 0);
    // A crash in the middle of a line.
    std::fs::write(&path, format!("     half\n{text}")).unwrap();
    assert_eq!(journal.forget_actions(at(3)).unwrap(), 1);
    assert_eq!(journal.read().unwrap().1, 0);
}

#[test]
fn what_was_translated_of_a_purged_conversation_is_blanked_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let journal = Journal::open(&path).unwrap();
    let at: Timestamp = "2026-11-23T03:40:00Z".parse().unwrap();
    let translated = |message, text: &str| {
        let mut translation = Translation::waiting(Language::EN, Language::parse("pt").unwrap());
        (translation.text, translation.back) = (text.to_owned(), format!("{text}, back"));
        Entry { at, event: Event::Translated { message: MessageKey(message), translation } }
    };
    let (conversation, messages) = (ConversationId(4), vec![MessageKey(1), MessageKey(2)]);
    let purged = Entry {
        at,
        event: Event::Purged { conversation, messages, threads: Vec::new(), archived: Vec::new() },
    };
    let other = translated(3, "quarto \"purged\"");
    let all = [translated(1, "segredo"), other.clone(), purged.clone(), translated(2, "segredo")];
    journal.append(&all).unwrap();
    assert_eq!(journal.forget_purged().unwrap(), 2);
    assert_eq!(journal.read().unwrap(), (vec![other, purged], 0));
    assert!(!std::fs::read_to_string(&path).unwrap().contains("segredo"));
    assert_eq!(journal.forget_purged().unwrap(), 0);
}

#[test]
fn who_booked_is_blanked_with_the_conversation_and_nothing_said_later() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let journal = Journal::open(&path).unwrap();
    let at = |hour: i64| Timestamp::from_second(1_795_000_000 + hour * 3_600).unwrap();
    let (account, channel) = (AccountId(1), Channel::Booking);
    let opened = |hour, thread: &str, reservation: &str| {
        let opened = OpenedThread {
            account,
            channel,
            connection: 7,
            thread: thread.to_owned(),
            reservation: reservation.to_owned(),
            name: Some("Gerda".to_owned()),
        };
        Entry { at: at(hour), event: Event::Opened(opened) }
    };
    let booked = |hour, thread: &str, reservation: &str| {
        let (thread, reservation) = (thread.to_owned(), reservation.to_owned());
        let name = Some("Gerda".to_owned());
        let event = Event::Booked { account, channel, thread, reservation, name };
        Entry { at: at(hour), event }
    };
    let stay = |hour, reservation: &str| {
        let day = |day: i8| jiff::civil::date(2027, 8, day);
        let stay = stay::Stay { arrival: day(14), departure: day(16) };
        let (reservation, name) = (reservation.to_owned(), Some("Gerda".to_owned()));
        let event = Event::Stay { account, channel, reservation, stay, name };
        Entry { at: at(hour), event }
    };
    let purged = |conversation, threads| {
        let event =
            Event::Purged { conversation, messages: Vec::new(), threads, archived: Vec::new() };
        Entry { at: at(5), event }
    };
    let thread = "b".to_owned();
    let of_channel = PurgedThread { account, channel, thread, until: at(4) };
    // Nothing was said in the one, messages came in the other.
    let silent = match opened(0, "a", "1").event {
        Event::Opened(opened) => purged(opened.conversation(), Vec::new()),
        other => panic!("{other:?}"),
    };
    let spoken = purged(ConversationId(9), vec![of_channel]);
    let kept = [silent, spoken, booked(1, "c", "3"), stay(1, "3"), opened(6, "a", "1")];
    let gone = [opened(0, "a", "1"), booked(1, "b", "2"), stay(2, "2")];
    journal.append(&gone).unwrap();
    journal.append(&kept).unwrap();
    assert_eq!(journal.forget_purged().unwrap(), gone.len());
    assert_eq!(journal.read().unwrap(), (kept.to_vec(), 0));
    assert_eq!(journal.forget_purged().unwrap(), 0);
}

#[test]
fn the_journal_says_where_a_line_stands_and_reads_on_from_there() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    // The server and a command at the same time.
    let (one, other) = (Journal::open(&path).unwrap(), Journal::open(&path).unwrap());
    let entry = |id| {
        let event = Event::Deleted { conversation: ConversationId(id), latest: None };
        Entry { at: "2026-11-23T03:40:00Z".parse().unwrap(), event }
    };
    let first = one.enter(&entry(1), Flush::Now).unwrap();
    let second = other.enter(&entry(22), Flush::Later).unwrap();
    let third = one.enter(&entry(3), Flush::Now).unwrap();
    assert_eq!((first.start, first.end, second.end), (0, second.start, third.start));
    let from = |place: u64| one.read_from(place).unwrap();
    let lines = Lines { entries: vec![entry(3)], unreadable: 0, end: third.end };
    assert_eq!(from(second.end), lines);
    one.take_back(&second).unwrap();
    assert_eq!(from(0).entries, [entry(1), entry(3)]);
    assert_eq!((from(0).unreadable, from(0).end), (0, third.end));
    std::fs::write(&path, [&std::fs::read(&path).unwrap()[..], b"{\"at\""].concat()).unwrap();
    assert_eq!((from(0).unreadable, from(0).end), (0, third.end), "it is still being written");
}

#[test]
fn a_line_cut_by_a_crash_is_skipped_and_the_next_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.jsonl");
    let entry = Entry {
        at: "2026-11-23T03:40:00Z".parse().unwrap(),
        event: Event::Deleted { conversation: ConversationId(4), latest: None },
    };
    Journal::open(&path).unwrap().append(std::slice::from_ref(&entry)).unwrap();
    std::fs::write(&path, [std::fs::read(&path).unwrap(), b"{\"at\":\"2026-".to_vec()].concat())
        .unwrap();
    let journal = Journal::open(&path).unwrap();
    journal.append(std::slice::from_ref(&entry)).unwrap();
    assert_eq!(journal.read().unwrap(), (vec![entry.clone(), entry], 1));
}
