//! What an account's plan and a conversation's channel change in the mails to its members.

use super::{Mail, author, queue, visible};
use crate::{
    flow::gateway::{Trouble, intake::Threading},
    ground::{
        account::{Account, Member},
        address::Mailbox,
        capabilities::Problem,
        compose::Hidden,
        conversation::{Conversation, Participant},
        phrases::{self, Tongue},
        thread_address,
        trace::Door,
    },
    keep::store::{NewMessage, Purpose},
};

/// A house without messaging gets the request as ordinary mail and answers the visitor directly. Everything else is
/// kept all the same: the day the plan changes, it is there.
pub(super) fn ordinary_mail(
    threading: &mut Threading<'_>,
    state: &Conversation,
    message: &NewMessage,
    house: &Account,
    member: &Member,
) -> Result<(), Trouble> {
    let domain = threading.context.identity.reply_domain.clone();
    let answer_to = message.author_address.as_ref().or(state.visitor_address.as_ref());
    let answer_to = answer_to.filter(|address| !thread_address::is_thread(address));
    let answer_to = answer_to.unwrap_or(&house.address).clone();
    let hidden = Hidden { private: Vec::new(), domain: &domain, reader: &house.address };
    let mut text = visible(threading, message, &hidden);
    if matches!(threading.item.trace.door, Door::Form { trapped: true, .. }) {
        text = text.below(&phrases::PERHAPS_A_ROBOT.say(Tongue::of(&house.language), ""));
    }
    let mail = Mail {
        purpose: Purpose::Notification,
        participant: Participant::Member(member.id),
        from: Mailbox::new(
            Some(&format!("{} ({})", author(state, message), house.name)),
            house.address.clone(),
        ),
        to: Mailbox::new(Some(&member.name), member.address.clone()),
        subject: state.subject.clone(),
        text,
        language: message.language.as_ref().map(|(code, _)| code.clone()),
        carries: true,
        automatic: true,
        piece: 0,
    };
    queue(threading, state, message.id, &mail, &answer_to)
}

/// What the channel lets a member do.
pub(super) fn how_to_answer(
    threading: &Threading<'_>,
    state: &Conversation,
    tongue: Tongue,
    author: &str,
) -> Result<String, Trouble> {
    let capabilities = threading
        .writing
        .reading()
        .capabilities(state, threading.context.identity.booking_chars)?;
    if state.channel.is_ota() && !capabilities.can_reply {
        let problem = Problem::NoAddress(capabilities.answer_link);
        return Ok(problem.sentence(tongue));
    }
    let mut lines = vec![phrases::REPLY_TO_ANSWER.say(tongue, author)];
    lines.extend(capabilities.limits(tongue));
    Ok(lines.join("\n"))
}
