//! The page behind List-Unsubscribe (RFC 2369, RFC 8058): a member ends the mails about what is new, or wants them
//! again. Looking changes nothing, because mail scanners look.

use axum::{
    Extension,
    extract::{Form, Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;

use super::{
    Answer, Door, Problem, api, blocking,
    page::{escape, page, sorry},
    trail::Trail,
};
use crate::ground::{
    account::{Account, Member},
    key::MemberId,
    phrases::{MAIL_AGAIN, MAIL_NO_MORE, MAILED_AGAIN, MAILED_NO_MORE, Tongue},
};

async fn found(door: &Door, member: &str, signature: String) -> Result<(Account, Member), Problem> {
    let id: MemberId = api::id(member)?;
    let gateway = std::sync::Arc::clone(&door.gateway);
    let found = blocking(move || Ok(gateway.by_quiet_link(id, &signature)?)).await?;
    found.ok_or_else(|| Problem::not_found("there is nothing at this address"))
}

fn shown(house: &Account, member: &Member) -> Response {
    let tongue = Tongue::of(&house.language);
    let (said, press, wanted) = if member.quiet {
        (MAILED_NO_MORE, MAIL_AGAIN, "mail")
    } else {
        (MAILED_AGAIN, MAIL_NO_MORE, "quiet")
    };
    let said = said.say(tongue, &member.address.to_string());
    let press = press.say(tongue, "");
    let body = format!(
        "<p>{}</p><form method=\"post\"><button name=\"wanted\" value=\"{wanted}\">{}</button></form>",
        escape(&said),
        escape(press.trim())
    );
    page(StatusCode::OK, &house.language, &house.name, &body)
}

pub(super) async fn show(
    State(door): State<Door>,
    Path((member, signature)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    match found(&door, &member, signature).await {
        Ok((house, member)) => shown(&house, &member),
        Err(problem) => sorry(&headers, &problem),
    }
}

/// What was pressed; a mail client's one click says only that it is one.
#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    #[serde(default)]
    wanted: String,
}

pub(super) async fn press(
    State(door): State<Door>,
    Extension(trail): Extension<Trail>,
    Path((member, signature)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Answer {
    let (house, member) = match found(&door, &member, signature).await {
        Ok(found) => found,
        Err(problem) => return Ok(sorry(&headers, &problem)),
    };
    trail.member(&member);
    let member = Member { quiet: pressed.wanted != "mail", ..member };
    let changed = member.clone();
    blocking(move || Ok(door.gateway.put_member(&changed)?)).await?;
    Ok(shown(&house, &member))
}
