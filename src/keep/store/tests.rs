use super::*;
use crate::ground::{
    account::{Account, Member},
    conversation::{Channel, Side},
    key::{AccountId, ConversationId, MemberId, MessageKey},
    search::{Query, Typing},
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("relais.sqlite")).unwrap();
    (dir, store)
}

fn message(id: i64, conversation: i64, text: &str) -> NewMessage {
    NewMessage {
        id: MessageKey(id),
        conversation: ConversationId(conversation),
        account: AccountId(1),
        spool_name: format!("file-{id}"),
        side: Side::Visitor,
        kind: "person".into(),
        state: "received".into(),
        channel: Channel::Email,
        member: None,
        author_name: Some("Zoë Müller".into()),
        author_address: Some("zoe@guest.example".parse().unwrap()),
        subject: "Férias em Agosto".into(),
        text: text.into(),
        quoted: String::new(),
        signature: String::new(),
        html: None,
        confidence: 1.0,
        language: Some(("en".into(), 0.9)),
        rfc_message_id: None,
        fingerprint: None,
        thread_index: None,
        at: at(id),
        read: false,
        size_bytes: 10,
        route: serde_json::json!({"strategy": "public_address"}),
        details: serde_json::json!({}),
        attachments: Vec::new(),
    }
}

fn fill(store: &Store) {
    store
        .write_blocking(|w| {
            w.put_account(&Account {
                id: AccountId(1),
                name: "Pousada".into(),
                address: "pousada@relais.localhost".parse().unwrap(),
                language: "pt".into(),
                form: "demo".into(),
                account_type: crate::ground::account::AccountType::default(),
                plan: crate::ground::account::Plan::default(),
                relay_address: None,
                signature: String::new(),
                time_zone: String::new(),
                own_address: None,
                vouched_since: None,
                engines: Vec::new(),
            })?;
            w.put_member(&Member {
                id: MemberId(1),
                account: AccountId(1),
                address: "ana@pousada.example".parse().unwrap(),
                name: "Ana".into(),
                role: crate::ground::access::Role::Owner,
                reads: Vec::new(),
                as_written: false,
                strict: false,
                quiet: false,
            })?;
            for (conversation, text) in
                [(10, "a double room, please"), (20, "is there parking? crème brûlée")]
            {
                w.open_conversation(&NewConversation {
                    id: ConversationId(conversation),
                    account: AccountId(1),
                    subject: "Férias em Agosto".into(),
                    visitor_name: None,
                    visitor_address: None,
                    language_why: None,
                    channel: Channel::Email,
                    language: None,
                    at: at(conversation),
                })?;
                assert!(w.add_message(&message(conversation + 1, conversation, text))?);
                assert!(!w.add_message(&message(conversation + 1, conversation, text))?, "once");
                w.set_needs_reply(ConversationId(conversation), true)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

fn found(store: &Store, words: &str) -> Vec<i64> {
    let query = Query::read(words, Typing::Done, &jiff::tz::TimeZone::UTC);
    let filter = Filter { search: Some(query), ..Filter::default() };
    let page = Page { limit: 10, after: None };
    let rows = store.read(|r| r.conversations(AccountId(1), &filter, page)).unwrap();
    rows.iter().map(|row| row.id.0).collect()
}

#[test]
fn search_finds_words_phrases_prefixes_names_and_folds_accents() {
    let (_dir, store) = store();
    fill(&store);
    for (words, expected) in [
        ("room", vec![10]),
        ("\"double room\"", vec![10]),
        ("\"room double\"", vec![]),
        ("park*", vec![20]),
        ("park", vec![]),
        ("creme brulee", vec![20]),
        ("FÉRIAS", vec![20, 10]),
        ("muller", vec![20, 10]),
        ("zoe@guest.example", vec![20, 10]),
    ] {
        assert_eq!(found(&store, words), expected, "{words:?}");
    }
}

#[test]
fn operators_narrow_the_search_and_scripts_without_spaces_are_found() {
    let (_dir, store) = store();
    fill(&store);
    store
        .write_blocking(|w| {
            let mut japanese = message(12, 10, "8月に部屋を予約したいです。Wi-Fiはありますか");
            japanese.language = Some(("ja".into(), 0.9));
            japanese.attachments = vec![AttachmentRow {
                position: 0,
                name: "map.pdf".into(),
                media_type: "application/pdf".into(),
                size_bytes: 1,
                sha256: String::new(),
                inline: false,
                content_id: None,
                danger: None,
            }];
            w.add_message(&japanese)
        })
        .unwrap();
    for (words, expected) in [
        ("部屋", vec![10]),
        ("予約", vec![10]),
        ("部屋を予約", vec![10]),
        ("予約部屋", vec![]),
        ("屋", vec![10]),
        ("部屋 parking", vec![]),
        ("from:zoe", vec![20, 10]),
        ("from:john room", vec![]),
        ("lang:ja", vec![10]),
        ("lang:en parking", vec![20]),
        ("channel:email", vec![20, 10]),
        ("channel:form", vec![]),
        ("has:attachment", vec![10]),
        ("has:attachment double", vec![]),
        ("after:2026-11-18", vec![20, 10]),
        ("before:2026-11-18", vec![]),
        ("after:2999 room", vec![]),
    ] {
        assert_eq!(found(&store, words), expected, "{words:?}");
    }
    let excerpt = |words: &str, id| {
        let query = Query::read(words, Typing::Done, &jiff::tz::TimeZone::UTC);
        let ids = [ConversationId(10), ConversationId(20)];
        let found = store.read(|r| r.excerpts(AccountId(1), &query, &ids)).unwrap();
        found.get(&ConversationId(id)).map(|excerpt| {
            let mark = |(hit, text): &(bool, String)| {
                if *hit { format!("[{text}]") } else { text.clone() }
            };
            excerpt.pieces.iter().map(mark).collect::<String>()
        })
    };
    assert_eq!(excerpt("creme", 20).as_deref(), Some("is there parking? [crème] brûlée\n"));
    assert_eq!(excerpt("creme", 10), None);
    let japanese = "8月に[部屋]を予約したいです。Wi-Fiはありますか";
    assert_eq!(excerpt("部屋", 10).as_deref(), Some(japanese));
    store.write_blocking(|w| w.purge(ConversationId(10))).unwrap();
    assert_eq!(found(&store, "部屋"), Vec::<i64>::new(), "nothing stays behind");
}

/// A word that stands everywhere is looked for in the newest messages, of those the list wants.
#[test]
fn a_common_word_is_found_in_the_newest_messages() {
    let (_dir, store) = store();
    fill(&store);
    store
        .write_blocking(|w| {
            w.add_message(&message(12, 10, "breakfast"))?;
            w.set_closed(ConversationId(10), true)?;
            for id in 100..100 + i64::try_from(search::HITS).unwrap() {
                w.add_message(&message(id, 20, "breakfast, again"))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(found(&store, "breakfast"), [20]);
    let page = Page { limit: 10, after: None };
    let query = Query::read("breakfast", Typing::Done, &jiff::tz::TimeZone::UTC);
    let closed = Filter { search: Some(query), closed: Some(true), ..Filter::default() };
    let rows = store.read(|r| r.conversations(AccountId(1), &closed, page)).unwrap();
    assert_eq!(rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [10], "those the list wants");
}

#[test]
fn a_purged_conversation_leaves_nothing_behind() {
    let (_dir, store) = store();
    fill(&store);
    let files = store.write_blocking(|w| w.purge(ConversationId(10))).unwrap();
    assert_eq!(files, ["file-11"]);
    assert_eq!(found(&store, "room"), Vec::<i64>::new());
    let counts = store.read(|r| r.counts(AccountId(1))).unwrap();
    assert_eq!(counts, Counts { conversations: 1, needs_reply: 1, unread: 1 });
    words_are_true(&store);
}

/// The full text says what the messages say.
fn words_are_true(store: &Store) {
    let check = "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)";
    store.write_blocking(move |w| Ok::<_, StoreError>(w.0.execute_batch(check)?)).unwrap();
    let left: i64 = store
        .read(|r| Ok(r.0.query_row("SELECT count(*) FROM unsearched", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn what_comes_and_goes_in_one_transaction_is_not_found() {
    let (_dir, store) = store();
    fill(&store);
    store
        .write_batch_blocking::<_, StoreError, _>(|w| {
            w.add_message(&message(12, 10, "lobster bisque"))?;
            w.add_message(&message(22, 20, "lobster thermidor"))?;
            w.purge(ConversationId(10)).map(drop)
        })
        .unwrap();
    assert_eq!(found(&store, "lobster"), [20]);
    assert_eq!(found(&store, "room"), Vec::<i64>::new());
    words_are_true(&store);
}

#[test]
fn pages_follow_each_other_and_tenants_do_not_meet() {
    let (_dir, store) = store();
    fill(&store);
    let first = Page { limit: 1, after: None };
    let rows = store.read(|r| r.conversations(AccountId(1), &Filter::default(), first)).unwrap();
    assert_eq!(rows[0].id.0, 20);
    let next = Page { limit: 5, after: Some((rows[0].last_at, rows[0].id)) };
    let rows = store.read(|r| r.conversations(AccountId(1), &Filter::default(), next)).unwrap();
    assert_eq!(rows.iter().map(|r| r.id.0).collect::<Vec<_>>(), [10]);
    assert!(store.read(|r| r.conversation(AccountId(2), ConversationId(10))).unwrap().is_none());
    assert!(store.read(|r| r.messages(AccountId(2), ConversationId(10))).unwrap().is_empty());
}

/// The first in a transaction is undone with it, the others by their savepoints; who stands beside them is not.
#[test]
fn a_job_that_fails_undoes_only_itself() {
    let (_dir, store) = store();
    fill(&store);
    let (go, wait) = mpsc::channel::<()>();
    // While the writer waits in this one, the others queue up behind it and share the next transaction.
    store.write_later("a pause", move |_| {
        let _ = wait.recv();
        Ok(())
    });
    let (answers, heard) = mpsc::channel();
    for (job, conversation, good) in [(0, 10, false), (1, 20, true), (2, 10, false), (3, 10, true)]
    {
        let answers = answers.clone();
        let answer =
            move |result: Result<(), StoreError>| answers.send((job, result.is_ok())).unwrap();
        let work = move |w: &Writing<'_>| {
            w.add_message(&message(30 + job, conversation, &format!("lobster {job}")))?;
            if good { Ok(()) } else { Err(StoreError::Corrupt("on purpose".into())) }
        };
        store.submit(if job == 0 { Weight::Batch } else { Weight::Few }, work, answer).unwrap();
    }
    go.send(()).unwrap();
    let mut all: Vec<_> = heard.iter().take(4).collect();
    all.sort_unstable();
    assert_eq!(all, [(0, false), (1, true), (2, false), (3, true)]);
    for (word, place) in [("0", vec![]), ("1", vec![20]), ("2", vec![]), ("3", vec![10])] {
        assert_eq!(found(&store, &format!("\"lobster {word}\"")), place, "{word}");
    }
    words_are_true(&store);
}

#[test]
fn reading_marks_name_the_files_that_changed() {
    let (_dir, store) = store();
    fill(&store);
    let read = |read| store.write_blocking(move |w| w.set_read(ConversationId(10), read)).unwrap();
    assert_eq!(read(true), ["file-11"]);
    assert_eq!(read(true), Vec::<String>::new());
    assert_eq!(store.read(|r| r.counts(AccountId(1))).unwrap().unread, 1);
    assert_eq!(read(false), ["file-11"]);
}

/// Another process holds the lock longer than we wait: the job is refused and has not happened.
#[test]
fn a_job_without_a_transaction_does_not_happen() {
    let (dir, store) = store();
    fill(&store);
    let other = Connection::open(dir.path().join("relais.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.write_blocking(|w| w.set_needs_reply(ConversationId(10), false));
    assert!(matches!(refused, Err(StoreError::Transaction(_))), "{refused:?}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.read(|r| r.counts(AccountId(1))).unwrap().needs_reply, 2);
}
