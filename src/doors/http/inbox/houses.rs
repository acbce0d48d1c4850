//! Somebody with several houses goes from one to another without signing in again: they are who they are by their
//! address, and were when they signed in.

use axum::{
    Form,
    extract::State,
    http::header,
    response::{IntoResponse, Redirect},
};
use serde::Deserialize;

use super::{
    super::{Answer, Door, Problem, api},
    SignedIn, session,
};
use crate::{
    ground::{
        account::{Account, Member},
        key::MemberId,
    },
    keep::store::{Reading, StoreError},
};

/// Another house of who is signed in.
pub(super) struct House {
    /// Who they are there.
    pub(super) member: String,
    pub(super) name: String,
    pub(super) needs_reply: i64,
}

/// Where else this person is a member and can read messages.
pub(super) fn others(reading: &Reading<'_>, here: &Member) -> Result<Vec<House>, StoreError> {
    elsewhere(reading, here)?
        .into_iter()
        .map(|(house, member)| {
            let needs_reply = reading.counts(house.id)?.needs_reply;
            Ok(House { member: member.to_string(), name: house.name, needs_reply })
        })
        .collect()
}

/// The same as they are stored, with who this person is there.
pub(super) fn elsewhere(
    reading: &Reading<'_>,
    here: &Member,
) -> Result<Vec<(Account, MemberId)>, StoreError> {
    let mut houses = reading.houses_of(&here.address)?;
    houses.retain(|(house, _)| house.id != here.account && house.has_messaging());
    Ok(houses)
}

#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    member: String,
}

pub(super) async fn enter(
    State(door): State<Door>,
    signed_in: SignedIn,
    Form(Wanted { member }): Form<Wanted>,
) -> Answer {
    // Until they are there, it is an attempt, and their own house's to know.
    signed_in.trail.did("house: tried", "");
    let to: MemberId = api::id(&member)?;
    let cookie = session::go_over(&door, &signed_in, to).await?;
    let cookie = cookie.ok_or_else(|| Problem::not_found("there is no such house"))?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/inbox")).into_response())
}
