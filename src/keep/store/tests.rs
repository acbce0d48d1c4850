use super::*;
use crate::ground::{
    account::{Account, Member},
    address::Address,
    conversation::{Channel, EventKind, MessageKind, MessageState, Side},
    key::{AccountId, ConversationId, MemberId, MessageKey, OutgoingId},
    letter::MessageId,
    outcome::End,
    search::{Query, Typing},
    translation::{State, Translation},
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

pub(super) fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("relais.sqlite")).unwrap();
    (dir, store)
}

pub(super) fn message(id: i64, conversation: i64, text: &str) -> NewMessage {
    NewMessage {
        id: MessageKey(id),
        conversation: ConversationId(conversation),
        account: AccountId(1),
        spool_name: format!("file-{id}"),
        side: Side::Visitor,
        kind: MessageKind::Person,
        state: MessageState::Received,
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

pub(super) fn fill(store: &Store) {
    store
        .write_blocking(|w| {
            let pousada = "pousada@relais.localhost".parse().unwrap();
            w.put_account(&Account::new(AccountId(1), "Pousada", pousada, "pt", "demo"))?;
            let ana = "ana@pousada.example".parse().unwrap();
            w.put_member(&Member::new(MemberId(1), AccountId(1), ana, "Ana"))?;
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
        let found = store.read(|r| r.hits(AccountId(1), &query, &ids)).unwrap();
        found.get(&ConversationId(id)).and_then(|hit| hit.excerpt.clone()).map(|excerpt| {
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
    let going = store.write_blocking(|w| w.purge(ConversationId(10))).unwrap();
    assert_eq!((going.files, going.messages), (vec!["file-11".to_owned()], vec![MessageKey(11)]));
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

type Writes = fn(&Writing<'_>) -> Result<(), StoreError>;

/// Three jobs of one transaction; which of them were answered as written.
fn together(store: &Store, jobs: [Writes; 3]) -> Vec<bool> {
    let (go, wait) = mpsc::channel::<()>();
    store.write_later("a pause", move |_| {
        let _ = wait.recv();
        Ok(())
    });
    let (answers, heard) = mpsc::channel();
    for (place, job) in jobs.into_iter().enumerate() {
        let answers = answers.clone();
        let answer =
            move |result: Result<(), StoreError>| answers.send((place, result.is_ok())).unwrap();
        let weight = if place == 0 { Weight::Batch } else { Weight::Few };
        store.submit(weight, job, answer).unwrap();
    }
    go.send(()).unwrap();
    let mut all: Vec<_> = heard.iter().take(3).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, written)| written).collect()
}

/// Neither the writer nor what stands beside it ends with a job that panics, first in its transaction or not.
#[test]
fn a_panic_undoes_only_its_job() {
    let (_dir, store) = store();
    fill(&store);
    let panics = |w: &Writing<'_>| {
        w.add_message(&message(30, 10, "lobster"))?;
        panic!("on purpose")
    };
    let alone = store.write_blocking::<(), StoreError, _>(panics);
    assert!(matches!(alone, Err(StoreError::Panicked)), "{alone:?}");
    let written = together(
        &store,
        [
            |w| w.add_message(&message(31, 10, "crab one")).map(drop),
            |w| {
                w.add_message(&message(32, 20, "crab two"))?;
                panic!("on purpose")
            },
            |w| w.add_message(&message(33, 20, "crab three")).map(drop),
        ],
    );
    assert_eq!(written, [true, false, true]);
    for (word, place) in
        [("lobster", vec![]), ("one", vec![10]), ("two", vec![]), ("three", vec![20])]
    {
        assert_eq!(found(&store, word), place, "{word}");
    }
    words_are_true(&store);
}

/// SQLite says so in the middle of a statement, and may end the transaction then: what was answered is what happened.
#[test]
fn a_full_disk_is_no_fault_of_a_message() {
    let (_dir, store) = store();
    fill(&store);
    let set = |text: &'static str| {
        store.write_blocking(move |w| Ok::<_, StoreError>(w.0.execute_batch(text)?)).unwrap();
    };
    let large = |w: &Writing<'_>| {
        let mut mail = message(32, 20, "squid");
        mail.html = Some("large ".repeat(1 << 20));
        w.add_message(&mail).map(drop)
    };
    // No larger than it is.
    set("PRAGMA max_page_count = 1");
    let full = store.write_blocking(large);
    assert!(full.as_ref().is_err_and(StoreError::is_ours), "{full:?}");
    let written = together(
        &store,
        [
            |w| w.set_needs_reply(ConversationId(10), false),
            large,
            |w| w.set_needs_reply(ConversationId(20), false),
        ],
    );
    assert!(!written[1]);
    let waiting = 2 - i64::from(written[0]) - i64::from(written[2]);
    assert_eq!(store.read(|r| r.counts(AccountId(1))).unwrap().needs_reply, waiting);
    set("PRAGMA max_page_count = 1073741823");
    store.write_blocking(large).unwrap();
    assert_eq!(found(&store, "squid"), [20]);
    let fault = store.write_blocking(|w| w.execute("INSERT INTO messages DEFAULT VALUES", []));
    assert!(fault.is_err_and(|error| !error.is_ours()));
}

#[test]
fn a_burst_leaves_few_readers_behind() {
    let (_dir, store) = store();
    let together = std::sync::Barrier::new(40);
    thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                store
                    .read(|_| {
                        together.wait();
                        Ok(())
                    })
                    .unwrap();
            });
        }
    });
    assert_eq!(store.readers.lock().unwrap().len(), READERS_KEPT);
}

/// What is on its way would arrive twice, and what is kept back as a loop is released by who has read it.
#[test]
fn a_retry_leaves_alone_what_is_on_its_way_or_kept_back() {
    let (_dir, store) = store();
    fill(&store);
    let mail = |id: i64| NewOutgoing {
        id: OutgoingId(id),
        account: AccountId(1),
        conversation: ConversationId(10),
        message: MessageKey(11),
        purpose: Purpose::Reply,
        participant: crate::ground::conversation::Participant::Visitor,
        recipient: format!("zoe{id}@guest.example").parse().unwrap(),
        reverse_path: None,
        rfc_message_id: MessageId::new("r@reply.example").unwrap(),
        raw: b"Subject: hello\r\n\r\n".to_vec(),
        at: at(1),
    };
    store
        .write_blocking(move |w| {
            w.enqueue(&mail(1))?;
            assert_eq!(w.take_due(at(2), 10, &[])?.len(), 1);
            w.withhold(&mail(2))?;
            w.enqueue(&mail(3))?;
            w.enqueue_ended(&mail(4), End::Unknown)
        })
        .unwrap();
    let forgotten = store.write_blocking(move |w| {
        let none = NewOutgoing { conversation: ConversationId(0), ..mail(5) };
        w.enqueue(&none)?;
        let done =
            crate::ground::outcome::Outcome::Done(crate::ground::outcome::Answer::own("taken"));
        let (taken, others): (Vec<_>, Vec<_>) =
            w.take_due(at(2), 10, &[])?.into_iter().partition(|mail| mail.id == none.id);
        w.put_back(&others.iter().map(|mail| mail.id).collect::<Vec<_>>())?;
        w.record_attempt(&taken[0], &done, at(2), None)?;
        Ok::<_, StoreError>((w.forget_ended(at(2))?, w.forget_ended(at(3))?))
    });
    assert_eq!(forgotten.unwrap(), (0, 1), "once it is old enough, and nothing of a conversation");
    for (id, unknown, again) in [
        (Some(1), true, 0),
        (Some(2), true, 0),
        (Some(3), false, 1),
        (None, false, 1),
        (Some(4), false, 1),
        (None, true, 2),
    ] {
        let id = id.map(OutgoingId);
        let done = store.write_blocking(move |w| w.requeue(id, unknown, at(3)));
        assert_eq!(done.unwrap(), again, "{id:?} {unknown}");
    }
}

#[test]
fn reading_marks_name_the_files_that_changed() {
    let (_dir, store) = store();
    fill(&store);
    let mark = |keys: Vec<MessageKey>, read| {
        store.write_blocking(move |w| w.set_read(ConversationId(10), &keys, read)).unwrap()
    };
    let all = store.read(|r| r.messages(AccountId(1), ConversationId(10))).unwrap();
    let all: Vec<MessageKey> =
        all.iter().filter(|m| m.side == Side::Visitor).map(|m| m.id).collect();
    let read = |read| mark(all.clone(), read);
    assert_eq!(mark(Vec::new(), true), Vec::<String>::new(), "what was not seen is not read");
    assert_eq!(store.read(|r| r.counts(AccountId(1))).unwrap().unread, 2);
    assert_eq!(read(true), ["file-11"]);
    assert_eq!(read(true), Vec::<String>::new());
    assert_eq!(store.read(|r| r.counts(AccountId(1))).unwrap().unread, 1);
    assert_eq!(read(false), ["file-11"]);
}

/// What a mail needs to know of its thread are its two ends, however long it is.
#[test]
fn a_thread_has_two_ends() {
    let (_dir, store) = store();
    fill(&store);
    store
        .write_blocking(|w| {
            for n in 30..50 {
                w.add_message(&NewMessage { at: at(n), ..message(n, 10, "more") })?;
            }
            w.set_message_state(MessageKey(47), MessageState::Held)
        })
        .unwrap();
    let keys = |found: Vec<ThreadEntry>| found.iter().map(|e| e.message.0).collect::<Vec<_>>();
    let of = ConversationId(10);
    assert_eq!(keys(store.read(|r| r.thread_begin(of, 3)).unwrap()), [11, 30, 31]);
    let before = |message| keys(store.read(|r| r.thread_before(of, message, 3)).unwrap());
    assert_eq!(before(MessageKey(49)), [45, 46, 48], "what is held is not part of it");
    assert_eq!(before(MessageKey(30)), [11]);
    assert_eq!(before(MessageKey(11)), Vec::<i64>::new());
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

#[test]
fn a_failed_reply_is_a_trouble_until_somebody_took_care_of_it() {
    let (_dir, store) = store();
    fill(&store);
    let conversation = ConversationId(10);
    let reply = |id: i64, second: i64, end: End| {
        move |w: &Writing<'_>| -> Result<(), StoreError> {
            let mail = NewOutgoing {
                id: OutgoingId(id),
                account: AccountId(1),
                conversation,
                message: MessageKey(11),
                purpose: Purpose::Reply,
                participant: crate::ground::conversation::Participant::Visitor,
                recipient: "zoe@guest.example".parse().unwrap(),
                reverse_path: None,
                rfc_message_id: MessageId::new(&format!("<{id}@relais.localhost>")).unwrap(),
                raw: Vec::new(),
                at: at(second),
            };
            w.enqueue_ended(&mail, end).map(drop)
        }
    };
    let troubled = |why: &str| {
        let account = AccountId(1);
        let filter = Filter { failed: true, ..Filter::default() };
        let page = Page { limit: 10, after: None };
        let rows = store.read(|r| r.conversations(account, &filter, page)).unwrap();
        let troubles = store.read(|r| r.troubles(account, &[conversation])).unwrap();
        let failed = troubles.get(&conversation).is_some_and(|trouble| trouble.failed);
        assert_eq!(failed, rows.len() == 1, "filter and mark agree: {why}");
        failed
    };
    assert!(!troubled("nothing was sent"));
    store.write_blocking(reply(1, 100, End::Failed)).unwrap();
    assert!(troubled("it failed"));
    store.write_blocking(move |w| w.set_closed(conversation, true)).unwrap();
    assert!(!troubled("closed"));
    store.write_blocking(move |w| w.set_closed(conversation, false)).unwrap();
    store.write_blocking(reply(2, 200, End::Done)).unwrap();
    assert!(!troubled("a later reply arrived"));
    store.write_blocking(reply(3, 300, End::Unknown)).unwrap();
    assert!(troubled("and a later one did not"));
    let done = move |w: &Writing<'_>| w.add_event(conversation, None, at(400), EventKind::Done, "");
    store.write_blocking(done).unwrap();
    assert!(!troubled("no reply is needed"));
}

#[test]
fn the_last_words_are_those_the_house_reads() {
    let (_dir, store) = store();
    fill(&store);
    let ids = [ConversationId(10), ConversationId(20)];
    let last = |language: &str| {
        let found = store.read(|r| r.last_words(AccountId(1), &ids, language)).unwrap();
        let last = &found[&ids[0]];
        (last.text.clone(), last.language.clone().unwrap(), last.ours)
    };
    let (english, portuguese) = ("a double room, please", "um quarto duplo, por favor");
    assert_eq!(last("pt"), (english.to_owned(), "en".to_owned(), false));
    let language = |code: &str| crate::ground::language::Language::parse(code).unwrap();
    let mut said = Translation::waiting(language("en"), language("pt"));
    (said.state, said.text) = (State::Done, portuguese.to_owned());
    store
        .write_blocking(move |w| {
            w.want_translation(MessageKey(11), (said.from, said.to), at(12), at(13))?;
            w.put_translation(MessageKey(11), &said, at(12))
        })
        .unwrap();
    assert_eq!(last("pt"), (portuguese.to_owned(), "pt".to_owned(), false));
    assert_eq!(last("de"), (english.to_owned(), "en".to_owned(), false), "into its own only");
    let ours = NewMessage { side: Side::Provider, ..message(15, 10, "Of course.") };
    store.write_blocking(move |w| w.add_message(&ours)).unwrap();
    assert_eq!(last("pt"), ("Of course.".to_owned(), "en".to_owned(), true));
}

/// The first page of a house that closes what is dealt with does not look at all of it.
#[test]
fn the_open_conversations_have_an_index() {
    let (_dir, store) = store();
    fill(&store);
    let filter = Filter { closed: Some(false), ..Filter::default() };
    let page = Page { limit: 10, after: None };
    store.write_blocking(|w| w.set_closed(ConversationId(10), true)).unwrap();
    let rows = store.read(|r| r.conversations(AccountId(1), &filter, page)).unwrap();
    assert_eq!(rows.iter().map(|row| row.id.0).collect::<Vec<_>>(), [20]);
}

#[test]
fn translations_and_names_of_files_are_found() {
    let (_dir, store) = store();
    fill(&store);
    assert_eq!(found(&store, "estacionamento"), [0_i64; 0]);
    let language = |code: &str| crate::ground::language::Language::parse(code).unwrap();
    let said = |text: &'static str| {
        let mut said = Translation::waiting(language("en"), language("pt"));
        (said.state, said.text) = (State::Done, text.to_owned());
        move |w: &Writing<'_>| -> Result<(), StoreError> {
            w.want_translation(MessageKey(21), (said.from, said.to), at(22), at(23))?;
            w.put_translation(MessageKey(21), &said, at(22))
        }
    };
    store.write_blocking(said("há um parque de estacionamento?")).unwrap();
    for (words, expected) in [
        ("estacionamento", vec![20]),
        ("from:zoë estacionamento", vec![20]),
        ("from:nobody estacionamento", vec![]),
        ("parking", vec![20]),
        ("mapa", vec![]),
    ] {
        assert_eq!(found(&store, words), expected, "{words:?}");
    }
    let hit = |words: &str, id: i64| {
        let query = Query::read(words, Typing::Done, &jiff::tz::TimeZone::UTC);
        let found = store.read(|r| r.hits(AccountId(1), &query, &[ConversationId(id)])).unwrap();
        let hit = found.get(&ConversationId(id))?.clone();
        let marked = hit.excerpt.unwrap_or_default().pieces.into_iter().filter(|(hit, _)| *hit);
        Some((hit.message.0, marked.map(|(_, word)| word).collect::<Vec<_>>().join(" ")))
    };
    assert_eq!(hit("estacionamento", 20), Some((21, "estacionamento".into())));
    store.write_blocking(said("há uma garagem?")).unwrap();
    assert_eq!(found(&store, "estacionamento"), [0_i64; 0], "it was corrected");
    assert_eq!(found(&store, "garagem"), [20]);
    let mut file = message(15, 10, "see there");
    file.attachments = vec![AttachmentRow {
        position: 0,
        name: "mapa da praia.pdf".into(),
        media_type: "application/pdf".into(),
        size_bytes: 1,
        sha256: String::new(),
        inline: false,
        content_id: None,
        danger: None,
    }];
    store.write_blocking(move |w| w.add_message(&file)).unwrap();
    assert_eq!(found(&store, "mapa praia"), [10]);
    assert_eq!(hit("mapa praia", 10), Some((15, "mapa praia".into())));
    // However much was said since.
    store
        .write_blocking(|w| {
            (100..160).try_for_each(|id| w.add_message(&message(id, 10, "thank you")).map(drop))
        })
        .unwrap();
    assert_eq!(hit("mapa praia", 10), Some((15, "mapa praia".into())));
    assert_eq!(hit("double", 10), Some((11, "double".into())));
    assert_eq!(hit("thank", 10).map(|(message, _)| message), Some(159));
    assert_eq!(hit("nothing", 10), None);
    store.write_blocking(|w| w.purge(ConversationId(20))).unwrap();
    assert_eq!(found(&store, "garagem"), [0_i64; 0], "what is gone is gone");
}

/// Booking.com gives a guest a new address in the middle of a conversation: after a merge the newest is written to,
/// whichever of the two it was in.
#[test]
fn merged_conversations_are_answered_at_the_newest_address() {
    for (older, newer) in [(10, 20), (20, 10)] {
        let (_dir, store) = store();
        fill(&store);
        let alias = |of: i64| format!("5900000001-{of}.x@guest.booking.com");
        let newest = store
            .write_blocking(move |w| {
                for (conversation, second) in [(older, 100), (newer, 200)] {
                    let id = ConversationId(conversation);
                    let address: Address = alias(conversation).parse().unwrap();
                    w.execute("UPDATE conversations SET channel = 'booking' WHERE id = ?1", [id.0])?;
                    w.set_visitor(id, None, Some(&address), None)?;
                    w.set_relay_address(id, &address)?;
                    let said = NewMessage {
                        author_address: Some(address),
                        channel: Channel::Booking,
                        ..message(second, conversation, "Hello")
                    };
                    assert!(w.add_message(&said)?);
                }
                w.merge(ConversationId(20), ConversationId(10))?;
                let sql = "SELECT visitor_address || ' ' || relay_address FROM conversations WHERE id = 10";
                Ok::<_, StoreError>(w.0.query_row(sql, [], |row| row.get::<_, String>(0))?)
            })
            .unwrap();
        assert_eq!(newest, format!("{0} {0}", alias(newer)), "{newer} merged into 10");
    }
}
