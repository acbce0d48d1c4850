//! The audit log: who did what, when and from where. A request names its action by its route, so that a new route is
//! in the log by itself; a handler says it more exactly where one route does several things.

use serde::{Deserialize, Serialize};

use super::key::AccountId;

/// One action of a member, a token or an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// In which house.
    pub account: AccountId,
    /// Who: a member's name and address, the name of a token, the command line.
    pub who: String,
    /// What, in a word or two.
    pub what: String,
    /// The ids it was done to, if any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The address it came from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub peer: String,
    /// Why nothing came of it: the status that refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<u16>,
}

/// What a request does and to what, by the template of its route. Nothing for what only looks, and for drafts and
/// previews: nothing is done by them, and they come with every word that is typed.
pub fn deed(method: &str, template: &str, path: &str) -> Option<(String, String)> {
    let literal = template.split('/').rfind(|part| !part.is_empty() && !part.starts_with('{'))?;
    if matches!(method, "GET" | "HEAD" | "OPTIONS") || matches!(literal, "draft" | "preview") {
        return None;
    }
    let is_connection = template.split('/').any(|part| part == "connections");
    let what = match (method, literal) {
        ("DELETE", _) if is_connection => "connection remove",
        (_, "connections") => "connection add",
        (_, "pause") => "connection pause",
        (_, "sync") => "connection sync",
        (_, "test") => "connection test",
        (_, "authorize") => "connection authorize",
        // What is taken out has no id: "delete" would say that a conversation went.
        (_, "glossary") => "glossary",
        ("DELETE", _) => "delete",
        (_, "messages") => "reply",
        (_, "conversations") => "begin",
        (_, other) => other,
    };
    // Only ids: links and their signatures are secrets.
    let mut parts = template.split('/').zip(path.split('/'));
    let about = parts.find(|(name, _)| *name == "{id}").map_or("", |(_, id)| id);
    Some((what.to_owned(), about.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_names_its_action() {
        for (method, template, path, expected) in [
            ("GET", "/inbox/{id}", "/inbox/x7", None),
            ("POST", "/inbox/{id}/draft", "/inbox/x7/draft", None),
            ("POST", "/inbox/{id}/reply", "/inbox/x7/reply", Some(("reply", "x7"))),
            ("POST", "/inbox/sign-in/{token}", "/inbox/sign-in/s3cret", Some(("sign-in", ""))),
            (
                "POST",
                "/api/v1/conversations/{id}/messages",
                "/api/v1/conversations/x7/messages",
                Some(("reply", "x7")),
            ),
            (
                "DELETE",
                "/api/v1/conversations/{id}",
                "/api/v1/conversations/x7",
                Some(("delete", "x7")),
            ),
            (
                "DELETE",
                "/api/v1/connections/{id}",
                "/api/v1/connections/7",
                Some(("connection remove", "7")),
            ),
            ("POST", "/api/v1/connections", "/api/v1/connections", Some(("connection add", ""))),
            ("DELETE", "/api/v1/glossary", "/api/v1/glossary", Some(("glossary", ""))),
        ] {
            let expected = expected.map(|(what, about)| (what.to_owned(), about.to_owned()));
            assert_eq!(deed(method, template, path), expected, "{method} {template}");
        }
    }
}
