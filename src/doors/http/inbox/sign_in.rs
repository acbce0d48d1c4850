//! Signing in by a mailed link. The answer is the same for every address; looking at a link does not spend it,
//! because mail scanners look.

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect},
};
use serde::Deserialize;

use super::{
    super::{Answer, Door, Peer, Problem, blocking, trail::Trail},
    Assets, Words, assets, html,
    session::{self, Redeemed, SignedIn},
};
use crate::{
    flow::{clock, gateway::PersonalMail},
    ground::{address::Address, phrases::Tongue, rate::network},
    keep::store::Purpose,
};
use askama::Template;

enum Step {
    Ask,
    Sent,
    Link(String),
    Elsewhere,
    Stale,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    words: Words,
    assets: &'static Assets,
    step: Step,
}

fn page(headers: &HeaderMap, status: StatusCode, step: Step) -> Answer {
    html(status, &Page { words: Words::of_browser(headers), assets: assets(), step })
}

pub(super) async fn show(headers: HeaderMap) -> Answer {
    page(&headers, StatusCode::OK, Step::Ask)
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    email: String,
}

pub(super) async fn ask(
    State(door): State<Door>,
    Extension(Peer { address: peer, .. }): Extension<Peer>,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Answer {
    if !door.limiter.allow(network(peer), clock::now()) {
        return Err(Problem::too_many());
    }
    let (browser, cookie) = session::asker(&door, &headers);
    if let Ok(address) = asked.email.parse::<Address>() {
        // Done behind the answer, so that its time does not tell whether the address is known.
        tokio::spawn(blocking(move || {
            for (account, member) in door.gateway.members_at(&address)? {
                if !door.mailed.allow(member.id, clock::now()) {
                    continue;
                }
                let words = Words(Tongue::of(&account.language));
                let link = session::link_for(&door.gateway, member.id, &browser, clock::now());
                let (what, once) = (words.mail_what(account.name.as_str()), words.mail_once());
                let text = format!("{what}\n\n{link}\n\n{once}\n");
                door.gateway.mail_person(&PersonalMail {
                    purpose: Purpose::SignIn,
                    account: &account,
                    member: &member,
                    subject: words.mail_subject(),
                    text,
                })?;
            }
            Ok(())
        }));
    }
    let answer = page(&headers, StatusCode::OK, Step::Sent)?;
    Ok(match cookie {
        Some(cookie) => ([(header::SET_COOKIE, cookie)], answer).into_response(),
        None => answer,
    })
}

pub(super) async fn link(
    State(door): State<Door>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Answer {
    match session::look(&door, &token, &headers) {
        Redeemed::Session(_) => {
            page(&headers, StatusCode::OK, Step::Link(format!("/inbox/sign-in/{token}")))
        }
        Redeemed::Elsewhere => page(&headers, StatusCode::FORBIDDEN, Step::Elsewhere),
        Redeemed::Stale => page(&headers, StatusCode::GONE, Step::Stale),
    }
}

pub(super) async fn redeem(
    State(door): State<Door>,
    Extension(trail): Extension<Trail>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Answer {
    // Without this another site could sign its visitor in as somebody else.
    if !session::same_site(&headers) {
        return Err(Problem::bad("this came from another site"));
    }
    match session::redeem(&door, token, &headers, &trail).await? {
        Redeemed::Session(cookie) => {
            let (next, forget) = session::next(&door.gateway, &headers);
            let mut response = Redirect::to(&next).into_response();
            for cookie in [cookie, forget] {
                let cookie = HeaderValue::try_from(cookie).map_err(Problem::ours)?;
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Redeemed::Elsewhere => page(&headers, StatusCode::FORBIDDEN, Step::Elsewhere),
        Redeemed::Stale => page(&headers, StatusCode::GONE, Step::Stale),
    }
}

pub(super) async fn sign_out(State(door): State<Door>, signed_in: SignedIn) -> Answer {
    let cookie = signed_in.end(&door).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/inbox/sign-in")).into_response())
}
