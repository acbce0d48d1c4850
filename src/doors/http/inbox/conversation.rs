//! The page of one conversation: its messages by side, what became of the replies, the form to answer.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect},
};
use jiff::Zoned;
use serde::Deserialize;

use super::{
    super::{
        Answer, Door, Problem,
        api::{self, read_cursor},
        blocking, change,
    },
    Assets, SignedIn, Words, assets, html,
    list::{self, Wanted},
    message::{self, Entry, event, message},
    rows::{Found, Row},
};
use crate::{
    flow::{
        clock,
        gateway::{AnswerError, NewReply},
        translate::LONGEST_CHARS,
    },
    ground::{
        access::Scope,
        account::{Account, Member},
        capabilities::{Capabilities, FileKinds, Problem as Misfit},
        conversation::{Channel, Verb},
        key::{ConversationId, MessageKey},
        language::Language,
        thread_address,
        untranslated::{self, Why},
    },
    keep::store::{ConversationRow, Counts, Draft, EventRow, MessageRow, Page},
};

#[derive(Template)]
#[template(path = "conversation.html")]
struct Opened {
    words: Words,
    assets: &'static Assets,
    counts: Counts,
    seen: u64,
    zone: String,
    search: String,
    id: String,
    /// The list it was opened from: its query, `?` and all, what it shows, its rows.
    asks: String,
    here: String,
    beside: String,
    rows: Vec<Row>,
    subject: String,
    who: String,
    channel: &'static str,
    /// Code and name.
    language: Option<(String, String)>,
    /// Those it can be set to: code, name.
    languages: Vec<(String, String)>,
    /// From when to when, and how many nights.
    stay: Option<String>,
    needs_reply: bool,
    closed: bool,
    deleted: bool,
    /// The channel's own page of it.
    link: Option<String>,
    can_reply: bool,
    /// What the channel takes.
    limits: Vec<String>,
    /// Mails wait for somebody to say that this is no loop of machines.
    withheld: bool,
    may_reply: bool,
    may_delete: bool,
    /// So many messages came before those shown.
    earlier: usize,
    entries: Vec<Entry>,
    /// The one a search found.
    looked_for: Option<String>,
    /// The newest of many messages: who comes from the list begins there.
    latest: Option<String>,
    wrong: Option<String>,
    /// Names what is sent from this page: pressing twice sends it once.
    once: String,
    draft: String,
    /// The files of the draft: which, name, size.
    kept: Vec<(i64, String, String)>,
    /// So many bytes of files go into one reply, and that in words.
    most: (usize, String),
    /// The visitor's language, code and name, when a reply can be translated into it.
    translates: Option<(String, String)>,
    /// Why it cannot, where a reply would wait for that.
    untranslatable: Option<String>,
    preview: Option<Preview>,
}

/// A translation to look at before it is sent.
#[derive(Default)]
struct Preview {
    text: String,
    back: String,
    differences: Vec<String>,
    why: String,
    /// What a person had corrected before they changed the text.
    outdated: Option<String>,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    Query(Length { all, at }): Query<Length>,
    headers: HeaderMap,
) -> Answer {
    let place = (api::id(&text)?, &wanted);
    // An open page that reads itself again says whether somebody looks at it.
    let unseen = headers.contains_key("x-live") && !headers.contains_key("x-seen");
    let found = at.and_then(|at| at.parse().ok());
    let filled = Filled { unseen, all: all.is_some(), found, ..Filled::default() };
    page(&door, &signed_in, place, filled).await
}

/// `?all=` shows a long conversation from its beginning, `?at=` from before the message a search found.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Length {
    all: Option<String>,
    at: Option<String>,
}

/// What stands in the form beside the draft, and what is shown above it.
#[derive(Default)]
struct Filled {
    wrong: Option<String>,
    preview: Option<Preview>,
    /// Nobody looks.
    unseen: bool,
    /// Messages from the first on.
    all: bool,
    /// What a search found.
    found: Option<MessageKey>,
}

/// From the language of the house into the visitor's, where an engine of the house can.
fn translates(
    door: &Door,
    house: Option<&Account>,
    visitor: Option<&str>,
) -> Option<(Language, Language)> {
    let languages = languages(house, visitor);
    languages.filter(|(from, to)| {
        house.is_some_and(|house| door.gateway.can_translate(house, *from, *to))
    })
}

/// Why a reply of this member would wait for a translation that nobody here can make.
fn untranslatable(
    door: &Door,
    house: Option<&Account>,
    row: &ConversationRow,
    me: &Member,
    words: Words,
) -> Option<String> {
    let (from, to) = languages(house, row.language.as_deref())?;
    // Platforms translate by themselves.
    let by_mail = matches!(row.channel, Channel::Form | Channel::Email);
    let waits = by_mail && !me.as_written && door.gateway.cannot_translate(house?, from, to);
    let name = |language: Language| words.language_name(language.to_string());
    waits.then(|| words.no_engine(name(from), name(to)))
}

/// From the language of the house into the visitor's.
fn languages(house: Option<&Account>, visitor: Option<&str>) -> Option<(Language, Language)> {
    Some((Language::parse(&house?.language).ok()?, Language::parse(visitor?).ok()?))
}

/// So many messages of one are shown at first, the newest.
const NEWEST: usize = 50;
/// So many before the one that was looked for.
const BEFORE: usize = 3;

async fn page(
    door: &Door,
    signed_in: &SignedIn,
    (id, wanted): (ConversationId, &Wanted),
    form: Filled,
) -> Answer {
    let words = signed_in.words;
    let may_reply = signed_in.may(Scope::Reply);
    let found = gather(door, signed_in, (id, wanted), &form).await?;
    let Gathered { seen, row, earlier, counts, house, capabilities, draft, .. } = found;
    let latest = found.messages.last().filter(|_| found.messages.len() > 2);
    let latest = latest.map(|message| message.id.to_string());
    let now = clock::now().to_zoned(signed_in.house.zone());
    let looked_for = form.found.map(|message| message.to_string());
    let entries = timeline((found.messages, found.events), &found.members, (words, &now));
    let translates = translates(door, house.as_ref(), row.language.as_deref());
    let untranslatable = untranslatable(door, house.as_ref(), &row, &signed_in.member, words);
    let Filled { wrong, preview, .. } = form;
    let named = |code: String| (code.clone(), words.language_name(code));
    // Pictures are made as small as they must be.
    let limited = capabilities.as_ref().filter(|c| c.attachments != FileKinds::Images);
    let channels = limited.and_then(|c| c.max_attachment_bytes);
    let most = channels.unwrap_or(door.request_bytes).min(door.request_bytes);
    let can_reply = capabilities.as_ref().is_none_or(|c| c.can_reply || c.answer_link.is_none());
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = list::here(wanted);
    let page = Opened {
        earlier,
        asks: if here.is_empty() { String::new() } else { format!("?{here}") },
        here,
        beside: list::label(wanted, words),
        rows: found.beside.shown(Some(id), words, &now),
        untranslatable,
        translates: translates.map(|(_, to)| named(to.to_string())),
        most: (most, words.size(i64::try_from(most).unwrap_or(i64::MAX))),
        preview,
        words,
        assets: assets(),
        counts,
        seen,
        zone: signed_in.house.time_zone.clone(),
        search: String::new(),
        id: row.id.to_string(),
        who: who(&row),
        subject: row.subject,
        channel: words.channel(row.channel),
        language: row.language.map(named),
        languages: words.languages(),
        stay: row.stay.map(|stay| {
            format!("{} · {}", words.days(stay, now.date()), words.nights(stay.nights()))
        }),
        needs_reply: row.needs_reply,
        closed: row.closed,
        deleted: row.deleted_at.is_some(),
        limits: capabilities.as_ref().map(|c| c.limits(words.0)).unwrap_or_default(),
        link: capabilities.and_then(|c| c.answer_link),
        can_reply: may_reply && can_reply,
        withheld: found.withheld,
        may_reply,
        may_delete: signed_in.may(Scope::Admin),
        entries,
        looked_for,
        latest,
        wrong,
        once: once()?,
        kept: draft.files.into_iter().map(|f| (f.row, f.name, words.size(f.size_bytes))).collect(),
        draft: draft.text,
    };
    html(status, &page)
}

/// What the page reads of the store.
struct Gathered {
    seen: u64,
    row: ConversationRow,
    messages: Vec<MessageRow>,
    /// So many came before them.
    earlier: usize,
    events: Vec<EventRow>,
    counts: Counts,
    house: Option<Account>,
    members: Vec<Member>,
    capabilities: Option<Capabilities>,
    draft: Draft,
    withheld: bool,
    beside: Found,
}

async fn gather(
    door: &Door,
    signed_in: &SignedIn,
    (id, wanted): (ConversationId, &Wanted),
    form: &Filled,
) -> Result<Gathered, Problem> {
    let (account, me) = (signed_in.account(), signed_in.member.id);
    // Whoever may only look leaves no mark.
    let marks = signed_in.may(Scope::Reply) && !form.unseen;
    let (all, looked_for) = (form.all, form.found);
    let filter = list::filter_of(wanted, &signed_in.house.zone());
    let after = wanted.cursor.as_deref().map(read_cursor).transpose()?;
    let house_language = signed_in.house.language.clone();
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || {
        // Opening is reading. Only when there is something unread: marking announces a change to open pages.
        let row = gateway.store.read(|r| r.conversation(account, id))?;
        if marks && row.is_some_and(|row| row.unread_count > 0) {
            gateway.mark_read(account, id, true)?;
        }
        // Read before the store: what changes in between is told to the page.
        let seen = gateway.changes.last();
        Ok::<_, Problem>(gateway.store.read(|r| {
            let Some(row) = r.conversation(account, id)? else { return Ok(None) };
            let from = looked_for.map(|message| r.messages_from(account, id, message));
            let from = from.transpose()?.map_or(0, |from| from + BEFORE);
            let most = if all { usize::MAX } else { from.max(NEWEST) };
            let (messages, earlier) = r.newest_messages(account, id, most)?;
            let mut events = r.events(id)?;
            // What happened between messages that are not shown is not shown either.
            let begins = messages.first().filter(|_| earlier > 0).map(|message| message.at);
            events.retain(|event| begins.is_none_or(|begins| begins <= event.at));
            let state = r.conversation_state(id)?;
            let page = Page { limit: list::ROWS, after };
            Ok(Some(Gathered {
                seen,
                row,
                messages,
                earlier,
                events,
                counts: r.counts(account)?,
                house: r.account(account)?,
                members: r.members(account)?,
                capabilities: state
                    .map(|state| r.capabilities(&state, gateway.identity.booking_chars))
                    .transpose()?,
                draft: r.draft(id, me)?,
                withheld: r.withheld(id)?,
                beside: Found::read(r, account, &filter, page, &house_language)?,
            }))
        })?)
    });
    let found = found.await?;
    found.ok_or_else(|| Problem::not_found("there is no such conversation or message"))
}

/// Messages and what happened between them, in their order.
fn timeline(
    (messages, events): (Vec<MessageRow>, Vec<EventRow>),
    members: &[Member],
    (words, now): (Words, &Zoned),
) -> Vec<Entry> {
    let name_of = |message: &MessageRow| {
        let member = message.member.and_then(|id| members.iter().find(|m| m.id == id));
        member.map(|m| m.name.clone())
    };
    let mut events = events;
    events.retain(|event| !messages.iter().any(|message| message::says(message, event)));
    // Why a message is here is said once of those that follow each other for the same reason.
    let mut said = None;
    let messages = messages.into_iter().map(|m| {
        let (at, name) = (m.at, name_of(&m));
        let mut shown = message(m, name, (words, now));
        if shown.route == said {
            shown.route = None;
        } else {
            said.clone_from(&shown.route);
        }
        (at, Entry::Message(Box::new(shown)))
    });
    let events = events.into_iter().map(|e| (e.at, event(e, words, now)));
    let mut entries: Vec<_> = messages.chain(events).collect();
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The visitor. An address that stands for a thread tells people nothing.
fn who(row: &ConversationRow) -> String {
    let is_thread = |text: &&String| text.parse().is_ok_and(|a| thread_address::is_thread(&a));
    let address = row.visitor_address.as_ref().filter(|text| !is_thread(text));
    match (&row.visitor_name, address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.as_ref().or(address).cloned().unwrap_or_else(|| "?".to_owned()),
    }
}

fn once() -> Result<String, Problem> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)
        .map_err(|error| Problem::ours(format!("no random bits: {error}")))?;
    Ok(data_encoding::BASE32_NOPAD.encode(&bits).to_ascii_lowercase())
}

pub(super) async fn reply(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    request: Request,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let mut reply = change::read_reply(request).await?;
    let nothing = reply.attachments.is_empty() && reply.kept_files.is_empty();
    if reply.text.trim().is_empty() && nothing {
        let wrong = Some(signed_in.words.empty_reply().to_owned());
        return page(&door, &signed_in, (id, &wanted), Filled { wrong, ..Filled::default() }).await;
    }
    reply.member = Some(signed_in.member.id);
    if reply.verb == Verb::Note {
        signed_in.trail.did("note", id.to_string());
    }
    if let (Some(outdated), Verb::Translated) = (reply.outdated.take(), reply.verb) {
        // What would leave now nobody has seen.
        let wrong = Some(signed_in.words.text_changed().to_owned());
        let text = reply.text.clone();
        save(&door, &signed_in, id, reply).await?;
        let preview = previewed(&door, &signed_in, id, &text).await?;
        let preview = preview.map(|found| Preview { outdated: Some(outdated), ..found });
        return page(
            &door,
            &signed_in,
            (id, &wanted),
            Filled { wrong, preview, ..Filled::default() },
        )
        .await;
    }
    let sent = door.gateway.reply(signed_in.account(), id, &reply).await;
    // What is refused is a draft with its files: nothing has to be chosen again.
    if let Some(wrong) = sent.as_ref().err().and_then(|error| refused(error, signed_in.words)) {
        save(&door, &signed_in, id, reply).await?;
        let filled = Filled { wrong: Some(wrong), ..Filled::default() };
        return page(&door, &signed_in, (id, &wanted), filled).await;
    }
    let key = match sent {
        Err(AnswerError::FactsDiffer(differences)) => {
            let tongue = signed_in.words.0;
            let said = differences.iter().map(|one| untranslated::said(one, tongue));
            let differences = said.collect();
            let text = reply.translation.clone().unwrap_or_default();
            let preview = Some(Preview { text, differences, ..Preview::default() });
            save(&door, &signed_in, id, reply).await?;
            return page(&door, &signed_in, (id, &wanted), Filled { preview, ..Filled::default() })
                .await;
        }
        sent => sent?,
    };
    Ok(Redirect::to(&list::conversation(id, &wanted, &format!("#m{key}"))).into_response())
}

/// What the author can mend, in the house's language.
fn refused(error: &AnswerError, words: Words) -> Option<String> {
    Some(match error {
        AnswerError::Misfit(sentence) => sentence.clone(),
        AnswerError::TooLong => Why::TooLong(LONGEST_CHARS).say(words.0),
        AnswerError::LanguageUnknown => Misfit::LanguageUnknown.sentence(words.0),
        _ => return None,
    })
}

async fn save(
    door: &Door,
    signed_in: &SignedIn,
    id: ConversationId,
    said: NewReply,
) -> Result<(), Problem> {
    let (account, member) = (signed_in.account(), signed_in.member.id);
    let gateway = std::sync::Arc::clone(&door.gateway);
    blocking(move || Ok(gateway.save_draft(account, id, member, said)?)).await
}

/// Keeps what is written for later; the script does so as one types.
pub(super) async fn draft(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    request: Request,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let typing = request.headers().contains_key("x-live");
    let said = change::read_reply(request).await?;
    save(&door, &signed_in, id, said).await?;
    if typing {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Redirect::to(&list::conversation(id, &wanted, "")).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Undone {
    message: String,
}

/// The reply is taken back, if it has not left.
pub(super) async fn undo(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    Form(undone): Form<Undone>,
) -> Answer {
    let (id, message): (ConversationId, MessageKey) = (api::id(&text)?, api::id(&undone.message)?);
    let (account, member) = (signed_in.account(), signed_in.member.id);
    let gateway = std::sync::Arc::clone(&door.gateway);
    let taken = blocking(move || Ok(gateway.take_back(account, member, message)?)).await?;
    if taken {
        return Ok(
            Redirect::to(&list::conversation(id, &wanted, &format!("#m{message}"))).into_response()
        );
    }
    let wrong = Some(signed_in.words.too_late().to_owned());
    page(&door, &signed_in, (id, &wanted), Filled { wrong, ..Filled::default() }).await
}

/// The page again, with what the visitor would read below the draft.
pub(super) async fn preview(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    request: Request,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let said = change::read_reply(request).await?;
    let draft = said.text.clone();
    save(&door, &signed_in, id, said).await?;
    let preview = previewed(&door, &signed_in, id, &draft).await?;
    page(&door, &signed_in, (id, &wanted), Filled { preview, ..Filled::default() }).await
}

/// The translation of a text as the visitor of this conversation would read it.
async fn previewed(
    door: &Door,
    signed_in: &SignedIn,
    id: ConversationId,
    text: &str,
) -> Result<Option<Preview>, Problem> {
    let (account, gateway) = (signed_in.account(), std::sync::Arc::clone(&door.gateway));
    let found = blocking(move || {
        Ok(gateway.store.read(|r| Ok((r.account(account)?, r.conversation(account, id)?)))?)
    })
    .await?;
    let (house, row) = found;
    let (visitor, name) = row.map(|row| (row.language, row.visitor_name)).unwrap_or_default();
    let languages = languages(house.as_ref(), visitor.as_deref());
    let Some(languages) = languages.filter(|_| !text.trim().is_empty()) else { return Ok(None) };
    let found = match door.gateway.preview(account, text, languages, name).await {
        Err(error) => {
            let why = refused(&error, signed_in.words).ok_or(error)?;
            return Ok(Some(Preview { why, ..Preview::default() }));
        }
        found => found?,
    };
    let (text, back, differences, why) = (found.text, found.back, found.differences, found.why);
    Ok(Some(Preview { text, back, differences, why, outdated: None }))
}
