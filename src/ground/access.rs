//! Who may do what: one table for members on the pages and for tokens of the API, so that neither door decides alone.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What may be done; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look.
    Read,
    /// Answer, mark, close, decide held replies.
    Reply,
    /// Delete, merge, split, move, set what the house is.
    Admin,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scope::Read => "read",
            Scope::Reply => "reply",
            Scope::Admin => "admin",
        })
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "read" => Ok(Scope::Read),
            "reply" => Ok(Scope::Reply),
            "admin" => Ok(Scope::Admin),
            _ => Err("write read, reply or admin".to_owned()),
        }
    }
}

/// What a member is to the house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything.
    #[default]
    Owner,
    /// Answers, but deletes and regroups nothing.
    Member,
    /// Looks, and speaks for nobody: not by mail either.
    ReadOnly,
}

impl Role {
    /// What they may do.
    pub fn scope(self) -> Scope {
        match self {
            Role::Owner => Scope::Admin,
            Role::Member => Scope::Reply,
            Role::ReadOnly => Scope::Read,
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "owner" => Ok(Role::Owner),
            "member" => Ok(Role::Member),
            "read-only" => Ok(Role::ReadOnly),
            _ => Err("write owner, member or read-only".to_owned()),
        }
    }
}

/// What a request needs. Everything that changes something needs at least [`Scope::Reply`], so that a new route is
/// closed to readers by itself.
pub fn needed(method: &str, path: &str) -> Scope {
    let last = path.rsplit('/').next().unwrap_or_default();
    match (method, last) {
        ("GET" | "HEAD", _) | (_, "sign-out" | "sessions") => Scope::Read,
        // Whoever only reads here may answer in another house.
        _ if path == "/inbox/house" => Scope::Read,
        // Credentials are the owner's.
        _ if path.starts_with("/api/v1/connections") => Scope::Admin,
        // A wrong term is in every mail of the house.
        _ if path == "/api/v1/glossary" => Scope::Admin,
        ("DELETE", _) | (_, "delete" | "merge" | "split" | "move" | "settings") => Scope::Admin,
        _ => Scope::Reply,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_something_needs_more_than_reading() {
        for (method, path, expected) in [
            ("GET", "/inbox", Scope::Read),
            ("GET", "/inbox/x/delete", Scope::Read),
            ("POST", "/inbox/sign-out", Scope::Read),
            ("POST", "/inbox/house", Scope::Read),
            ("POST", "/inbox/x/reply", Scope::Reply),
            ("POST", "/inbox/settings", Scope::Admin),
            ("POST", "/inbox/settings/member", Scope::Reply),
            ("POST", "/inbox/delete", Scope::Admin),
            ("DELETE", "/api/v1/conversations/x", Scope::Admin),
            ("POST", "/api/v1/conversations/x/merge", Scope::Admin),
            ("POST", "/api/v1/conversations/x/restore", Scope::Reply),
            ("PUT", "/anything/new", Scope::Reply),
            ("GET", "/api/v1/connections", Scope::Read),
            ("POST", "/api/v1/connections/7/pause", Scope::Admin),
            ("GET", "/api/v1/glossary", Scope::Read),
            ("PUT", "/api/v1/glossary", Scope::Admin),
        ] {
            assert_eq!(needed(method, path), expected, "{method} {path}");
        }
    }
}
