//! The buttons of the inbox: delete with a question and undo, done, close, unread, held.

use askama::Template;
use axum::{
    Form,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use serde::Deserialize;

use super::{
    super::{Answer, Door, Problem, api, blocking},
    Assets, SignedIn, Words, assets, html,
    list::{self, Unbegun, Wanted},
};
use crate::{
    flow::gateway::{AnswerError, BeginError, Decision, Gateway},
    ground::{
        key::{AccountId, ConversationId, MessageKey},
        language::Language,
    },
};

#[derive(Template)]
#[template(path = "delete.html")]
struct Question {
    words: Words,
    assets: &'static Assets,
    ids: Vec<String>,
    back: String,
    /// How long what is deleted can be restored.
    deleted_days: u32,
}

/// The ticked conversations.
struct Ticked {
    ids: Vec<ConversationId>,
    /// The question was answered.
    confirmed: bool,
    /// The query of the list they were ticked in.
    back: String,
}

fn ticked(body: &Bytes) -> Result<Ticked, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body)
        .map_err(|error| Problem::bad(format!("the form is wrong: {error}")))?;
    let ids = pairs.iter().filter(|(name, _)| name == "id");
    let ids = ids.map(|(_, id)| api::id(id)).collect::<Result<_, _>>()?;
    let said = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, v)| v.clone());
    Ok(Ticked {
        ids,
        confirmed: said("confirm").as_deref() == Some("1"),
        back: said("back").unwrap_or_default(),
    })
}

/// The same for each. In another tab some may have gone for good meanwhile; where all have, that is said.
async fn each(
    ids: Vec<ConversationId>,
    act: impl Fn(ConversationId) -> Result<(), AnswerError> + Send + 'static,
) -> Result<(), Problem> {
    blocking(move || {
        let mut gone = Ok(());
        let mut is_done = false;
        for id in ids {
            match act(id) {
                Ok(()) => is_done = true,
                Err(AnswerError::NotFound) => gone = Err(AnswerError::NotFound),
                Err(error) => return Err(error.into()),
            }
        }
        if is_done { Ok(()) } else { Ok(gone?) }
    })
    .await
}

fn listed(ids: &[ConversationId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

pub(super) async fn ask_delete(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let id: ConversationId = api::id(&id)?;
    let (account, deleted_days) = (signed_in.account(), door.deleted_days);
    let found =
        blocking(move || Ok(door.gateway.store.read(|r| r.conversation(account, id))?)).await?;
    if found.is_none() {
        return Err(Problem::not_found("there is no such conversation or message"));
    }
    let ids = vec![id.to_string()];
    let (words, back) = (signed_in.words, list::here(&wanted));
    html(StatusCode::OK, &Question { words, assets: assets(), ids, back, deleted_days })
}

pub(super) async fn delete(State(door): State<Door>, signed_in: SignedIn, body: Bytes) -> Answer {
    let Ticked { ids, confirmed, back } = ticked(&body)?;
    if ids.is_empty() {
        return Ok(Redirect::to(&list::address(&back)).into_response());
    }
    let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let about = names.join(" ");
    signed_in.trail.did(if confirmed { "delete" } else { "" }, about);
    if !confirmed {
        let words = signed_in.words;
        let deleted_days = door.deleted_days;
        let question = Question { words, assets: assets(), ids: names, back, deleted_days };
        return html(StatusCode::OK, &question);
    }
    let account = signed_in.account();
    each(ids, move |id| door.gateway.delete(account, id)).await?;
    let deleted = format!("deleted={}", names.join(","));
    let query = if back.is_empty() { deleted } else { format!("{deleted}&{back}") };
    Ok(Redirect::to(&list::address(&query)).into_response())
}

pub(super) async fn restore(State(door): State<Door>, signed_in: SignedIn, body: Bytes) -> Answer {
    let Ticked { ids, back, .. } = ticked(&body)?;
    signed_in.trail.did("restore", listed(&ids));
    let account = signed_in.account();
    each(ids, move |id| door.gateway.restore(account, id)).await?;
    Ok(Redirect::to(&list::address(&back)).into_response())
}

/// One button for all ticked conversations; back to the list they were ticked in.
pub(super) async fn bulk(State(door): State<Door>, signed_in: SignedIn, body: Bytes) -> Answer {
    let Ticked { ids, back, .. } = ticked(&body)?;
    let Pressed { action } = serde_urlencoded::from_bytes(&body)
        .map_err(|error| Problem::bad(format!("the form is wrong: {error}")))?;
    signed_in.trail.did(action.name(), listed(&ids));
    let account = signed_in.account();
    each(ids, move |id| apply(&door.gateway, account, id, action)).await?;
    Ok(Redirect::to(&list::address(&back)).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    action: Action,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Done,
    Close,
    Reopen,
    Read,
    Unread,
    Restore,
    Release,
}

impl Action {
    /// As in the form.
    fn name(self) -> &'static str {
        match self {
            Action::Done => "done",
            Action::Close => "close",
            Action::Reopen => "reopen",
            Action::Read => "read",
            Action::Unread => "unread",
            Action::Restore => "restore",
            Action::Release => "release",
        }
    }
}

fn apply(
    gateway: &Gateway,
    account: AccountId,
    id: ConversationId,
    action: Action,
) -> Result<(), AnswerError> {
    match action {
        Action::Done => gateway.done(account, id),
        Action::Close => gateway.close(account, id, true),
        Action::Reopen => gateway.close(account, id, false),
        Action::Read => gateway.mark_read(account, id, true),
        Action::Unread => gateway.mark_read(account, id, false),
        Action::Restore => gateway.restore(account, id),
        Action::Release => gateway.release(account, id),
    }
}

pub(super) async fn act(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    Form(Pressed { action }): Form<Pressed>,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    signed_in.trail.did(action.name(), text);
    let account = signed_in.account();
    blocking(move || Ok(apply(&door.gateway, account, id, action)?)).await?;
    // What is dealt with is left; and the page of a conversation would mark it read again.
    let next = match action {
        Action::Done | Action::Close | Action::Unread => list::address(&list::here(&wanted)),
        Action::Reopen | Action::Read | Action::Restore | Action::Release => {
            list::conversation(id, &wanted, "")
        }
    };
    Ok(Redirect::to(&next).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    reservation: String,
}

/// The house writes first to the visitor of a reservation.
pub(super) async fn begin(
    State(door): State<Door>,
    signed_in: SignedIn,
    Form(Begun { reservation }): Form<Begun>,
) -> Answer {
    door.may_begin(signed_in.account())?;
    let words = signed_in.words;
    let wrong = match door.gateway.begin(signed_in.account(), &reservation).await {
        Ok(id) => {
            signed_in.trail.did("begin", id.to_string());
            return Ok(Redirect::to(&format!("/inbox/{id}")).into_response());
        }
        Err(BeginError::NoReservation) => words.begin_unknown(),
        Err(BeginError::NotSaid(why)) => {
            tracing::info!(%why, "a platform did not say whether it knows a reservation");
            words.begin_not_said()
        }
        Err(BeginError::Trouble(trouble)) => return Err(trouble.into()),
    };
    list::page(door, signed_in, Wanted::default(), Some(Unbegun { reservation, wrong })).await
}

#[derive(Debug, Deserialize)]
pub(super) struct Spoken {
    /// Empty: as the visitor writes.
    language: String,
}

/// The visitor's language, by hand.
pub(super) async fn language(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    Form(Spoken { language }): Form<Spoken>,
) -> Answer {
    let id: ConversationId = api::id(&text)?;
    let language = match language.as_str() {
        "" => None,
        tag => Some(Language::parse(tag).map_err(|error| Problem::bad(error.to_string()))?),
    };
    let account = signed_in.account();
    blocking(move || Ok(door.gateway.set_language(account, id, language)?)).await?;
    Ok(Redirect::to(&list::conversation(id, &wanted, "")).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Decided {
    message: String,
    decision: Decision,
}

pub(super) async fn held(
    State(door): State<Door>,
    signed_in: SignedIn,
    Path(text): Path<String>,
    Query(wanted): Query<Wanted>,
    Form(decided): Form<Decided>,
) -> Answer {
    let (id, message): (ConversationId, MessageKey) = (api::id(&text)?, api::id(&decided.message)?);
    let (account, decision) = (signed_in.account(), decided.decision);
    signed_in.trail.did(format!("held: {}", decision.name()), decided.message);
    blocking(move || Ok(door.gateway.decide_reply(account, message, decision)?)).await?;
    Ok(Redirect::to(&list::conversation(id, &wanted, "")).into_response())
}
