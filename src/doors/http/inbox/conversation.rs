//! The page of one conversation: its messages by side, what became of the replies, the form to answer.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use serde::Deserialize;

use super::{
    super::{Answer, Door, Problem, api, blocking, change},
    Assets, SignedIn, Words, assets, html,
    message::{Entry, event, message},
    view,
};
use crate::{
    flow::{
        clock,
        gateway::{AnswerError, NewReply},
    },
    ground::{
        access::Scope,
        account::Account,
        key::{ConversationId, MessageKey},
        language::{self, Language},
        thread_address,
    },
    keep::store::{Counts, MessageRow},
};

#[derive(Template)]
#[template(path = "conversation.html")]
struct Page {
    words: Words,
    assets: &'static Assets,
    counts: Counts,
    seen: u64,
    zone: String,
    search: String,
    id: String,
    subject: String,
    who: String,
    channel: &'static str,
    language: Option<String>,
    /// Those it can be set to: code, own name.
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
    entries: Vec<Entry>,
    wrong: Option<String>,
    /// Names what is sent from this page: pressing twice sends it once.
    once: String,
    draft: String,
    /// The files of the draft: which, name, size.
    kept: Vec<(i64, String, String)>,
    /// The visitor's language, when a reply can be translated into it.
    translates: Option<String>,
    preview: Option<Preview>,
}

/// A translation to look at before it is sent.
struct Preview {
    text: String,
    back: String,
    differences: Vec<String>,
    why: String,
}

pub(super) async fn show(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
) -> Answer {
    let id = api::id(&text)?;
    page(&door, &signed_in, id, Filled::default()).await
}

/// What stands in the form beside the draft.
#[derive(Default)]
struct Filled {
    wrong: Option<String>,
    preview: Option<Preview>,
}

/// From the language of the house into the visitor's.
fn languages(house: Option<&Account>, visitor: Option<&str>) -> Option<(Language, Language)> {
    Some((Language::parse(&house?.language).ok()?, Language::parse(visitor?).ok()?))
}

async fn page(door: &Door, signed_in: &SignedIn, id: ConversationId, form: Filled) -> Answer {
    let (account, words) = (signed_in.account(), signed_in.words);
    let me = signed_in.member.id;
    let may_reply = signed_in.may(Scope::Reply);
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || {
        // Opening is reading. Only when there is something unread: marking announces a change to open pages.
        let row = gateway.store.read(|r| r.conversation(account, id))?;
        // Whoever may only look leaves no mark.
        if may_reply && row.is_some_and(|row| row.unread_count > 0) {
            gateway.mark_read(account, id, true)?;
        }
        // Read before the store: what changes in between is told to the page.
        let seen = gateway.changes.last();
        let found = gateway.store.read(|r| {
            let Some(row) = r.conversation(account, id)? else { return Ok(None) };
            let (house, members) = (r.account(account)?, r.members(account)?);
            let all = (r.messages(account, id)?, r.events(id)?, r.counts(account)?);
            let draft = r.draft(id, me)?;
            let state = r.conversation_state(id)?;
            let capabilities = state.map(|state| r.capabilities(&state)).transpose()?;
            let withheld = r.withheld(id)?;
            Ok(Some((row, all, members, (house, capabilities, draft, withheld))))
        })?;
        Ok::<_, Problem>(found.map(|found| (seen, found)))
    })
    .await?;
    let (seen, (row, (messages, events, counts), members, (house, capabilities, draft, withheld))) =
        found.ok_or_else(|| Problem::not_found("there is no such conversation or message"))?;
    let now = clock::now().to_zoned(signed_in.house.zone());
    let name_of = |message: &MessageRow| {
        let member = message.member.and_then(|id| members.iter().find(|m| m.id == id));
        member.map(|m| m.name.clone())
    };
    let mut entries: Vec<_> = messages
        .into_iter()
        .map(|m| {
            let name = name_of(&m);
            let id = m.id;
            let link = |part: &str| view::link(&door.gateway, account, id, part, now.timestamp());
            (m.at, Entry::Message(Box::new(message(m, name, (words, &now), link))))
        })
        .chain(events.into_iter().map(|e| (e.at, event(e, words, &now))))
        .collect();
    entries.sort_by_key(|(at, _)| *at);
    let address = row.visitor_address.filter(|text| !is_thread(text));
    let who = match (row.visitor_name, address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_else(|| "?".to_owned()),
    };
    let languages = languages(house.as_ref(), row.language.as_deref());
    let translates = languages.filter(|(from, to)| door.gateway.can_translate(*from, *to));
    let Filled { wrong, preview } = form;
    let can_reply = capabilities.as_ref().is_none_or(|c| c.can_reply || c.answer_link.is_none());
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page {
        translates: translates.map(|(_, to)| to.name().to_owned()),
        preview,
        words,
        assets: assets(),
        counts,
        seen,
        zone: signed_in.house.time_zone.clone(),
        search: String::new(),
        id: row.id.to_string(),
        subject: row.subject,
        who,
        channel: words.channel(&row.channel),
        language: row.language,
        languages: language::named().map(|l| (l.to_string(), l.name().to_owned())).collect(),
        stay: row.stay.map(|stay| {
            format!("{} · {}", words.days(stay, now.date()), words.nights(stay.nights()))
        }),
        needs_reply: row.needs_reply,
        closed: row.closed,
        deleted: row.deleted_at.is_some(),
        limits: capabilities.as_ref().map(|c| c.limits(words.0)).unwrap_or_default(),
        link: capabilities.and_then(|c| c.answer_link),
        can_reply: may_reply && can_reply,
        withheld,
        may_reply,
        may_delete: signed_in.may(Scope::Admin),
        entries: entries.into_iter().map(|(_, entry)| entry).collect(),
        wrong,
        once: once()?,
        kept: draft.files.into_iter().map(|f| (f.row, f.name, words.size(f.size_bytes))).collect(),
        draft: draft.text,
    };
    html(status, &page)
}

/// An address that stands for a thread tells people nothing.
fn is_thread(text: &str) -> bool {
    text.parse().is_ok_and(|address| thread_address::is_thread(&address))
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
    request: Request,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let mut reply = change::read_reply(request).await?;
    let nothing = reply.attachments.is_empty() && reply.kept_files.is_empty();
    if reply.text.trim().is_empty() && nothing {
        let wrong = Some(signed_in.words.empty_reply().to_owned());
        return page(&door, &signed_in, id, Filled { wrong, ..Filled::default() }).await;
    }
    reply.member = Some(signed_in.member.id);
    let key = match door.gateway.reply(signed_in.account(), id, &reply).await {
        // What is refused is a draft with its files: nothing has to be chosen again.
        Err(AnswerError::Misfit(sentence)) => {
            save(&door, &signed_in, id, reply).await?;
            let filled = Filled { wrong: Some(sentence), ..Filled::default() };
            return page(&door, &signed_in, id, filled).await;
        }
        Err(AnswerError::FactsDiffer(differences)) => {
            let differences = differences.iter().map(ToString::to_string).collect();
            let text = reply.translation.clone().unwrap_or_default();
            let (back, why) = (String::new(), String::new());
            let preview = Some(Preview { text, back, differences, why });
            save(&door, &signed_in, id, reply).await?;
            return page(&door, &signed_in, id, Filled { preview, wrong: None }).await;
        }
        sent => sent?,
    };
    Ok(Redirect::to(&format!("/inbox/{id}#m{key}")).into_response())
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
    request: Request,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let typing = request.headers().contains_key("x-live");
    let said = change::read_reply(request).await?;
    save(&door, &signed_in, id, said).await?;
    if typing {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Redirect::to(&format!("/inbox/{id}")).into_response())
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
    Form(undone): Form<Undone>,
) -> Answer {
    let (id, message): (ConversationId, MessageKey) = (api::id(&text)?, api::id(&undone.message)?);
    let (account, member) = (signed_in.account(), signed_in.member.id);
    let gateway = std::sync::Arc::clone(&door.gateway);
    let taken = blocking(move || Ok(gateway.take_back(account, member, message)?)).await?;
    if taken {
        return Ok(Redirect::to(&format!("/inbox/{id}#m{message}")).into_response());
    }
    let wrong = Some(signed_in.words.too_late().to_owned());
    page(&door, &signed_in, id, Filled { wrong, ..Filled::default() }).await
}

/// The page again, with what the visitor would read below the draft.
pub(super) async fn preview(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    request: Request,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let said = change::read_reply(request).await?;
    let draft = said.text.clone();
    save(&door, &signed_in, id, said).await?;
    let (account, gateway) = (signed_in.account(), std::sync::Arc::clone(&door.gateway));
    let found = blocking(move || {
        Ok(gateway.store.read(|r| Ok((r.account(account)?, r.conversation(account, id)?)))?)
    })
    .await?;
    let (house, row) = found;
    let visitor = row.and_then(|row| row.language);
    let preview = match languages(house.as_ref(), visitor.as_deref()) {
        Some(languages) if !draft.trim().is_empty() => {
            let found = door.gateway.preview(account, &draft, languages).await?;
            let (text, back, differences, why) =
                (found.text, found.back, found.differences, found.why);
            Some(Preview { text, back, differences, why })
        }
        _ => None,
    };
    page(&door, &signed_in, id, Filled { preview, wrong: None }).await
}

pub(super) async fn file(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path((text, position)): Path<(String, String)>,
) -> Answer {
    let (id, position): (MessageKey, u32) = (api::id(&text)?, api::id(&position)?);
    let account = signed_in.account();
    let file = blocking(move || Ok(door.gateway.attachment(account, id, position)?)).await?;
    Ok(api::download(&file.media_type, &file.name, file.content))
}
