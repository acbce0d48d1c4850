//! What the containers of mail programs mean: data with a little matching.
//!
//! Sources: the programs' own mails in the corpora and their public sources or documentation; the program is named
//! beside each entry.

use super::Tag;

/// What an element says about the lines inside or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// Nothing.
    Plain,
    /// Quoted by a mail program.
    Quote,
    /// A blockquote that a person may have made.
    Blockquote,
    /// An attribution stands here (and perhaps a quotation inside).
    Attribution,
    /// A signature.
    Signature,
    /// All that follows, inside and after, is quoted.
    Rest,
    /// A line drawn above; with a header block below it the rest is quoted.
    Border,
    /// Not shown.
    Hidden,
}

/// Class or id (or `name`, `data-…`) beginnings, lower case.
const CONTAINERS: &[(&str, Container)] = &[
    ("gmail_quote_container", Container::Attribution), // Gmail since 2024
    ("gmail_quote", Container::Attribution), // Gmail: attribution, then a blockquote of the same class
    ("gmail_attr", Container::Attribution),  // Gmail
    ("gmail_signature", Container::Signature), // Gmail
    ("moz-cite-prefix", Container::Attribution), // Thunderbird
    ("moz-forward-container", Container::Attribution), // Thunderbird
    ("moz-email-headers-table", Container::Attribution), // Thunderbird
    ("moz-signature", Container::Signature), // Thunderbird
    ("moz-txt-sig", Container::Signature),   // Thunderbird, plain text shown as HTML
    ("applemailsignature", Container::Signature), // Apple Mail
    ("apple-mail-signature", Container::Signature), // Apple Mail
    ("divrplyfwdmsg", Container::Rest),      // Outlook on the web, Outlook.com
    ("appendonsend", Container::Rest),       // Outlook on the web
    ("x_divrplyfwdmsg", Container::Plain),   // the same inside a quotation
    ("olk_src_body_section", Container::Rest), // Outlook for Mac
    ("mail-editor-reference-message-container", Container::Rest), // Outlook mobile, new Outlook
    ("ms-outlook-mobile-reference-message", Container::Rest), // Outlook mobile
    ("ms-outlook-mobile-signature", Container::Signature), // Outlook mobile
    ("ms-outlook-mobile-body-separator-line", Container::Plain), // Outlook mobile
    ("protonmail_quote", Container::Attribution), // Proton
    ("protonmail_signature_block", Container::Signature), // Proton
    ("yahoo_quoted", Container::Quote),      // Yahoo
    ("ydpyahoo_quoted", Container::Quote),   // Yahoo since 2018 prefixes its classes
    ("yahoo-signature", Container::Signature), // Yahoo
    ("zmail_extra", Container::Attribution), // Zoho
    ("x_zmail_extra", Container::Attribution), // Zoho
    ("tutanota_quote", Container::Quote),    // Tuta
    ("front-blockquote", Container::Quote),  // Front
    ("front-signature", Container::Signature), // Front
    ("front_signature", Container::Signature), // Front
    ("cm_quote", Container::Quote),          // CloudMagic, Newton
    ("cm_replymail_content_wrap", Container::Quote), // Newton
    ("cm_signature", Container::Signature),  // Newton
    ("messagereplysection", Container::Attribution), // Spark
    ("messagesignaturesection", Container::Signature), // Spark
    ("spark_quote", Container::Quote),       // Spark
    ("sh-quoted-content", Container::Quote), // Superhuman
    ("sh-signature", Container::Signature),  // Superhuman
    ("nylas-quote", Container::Quote),       // Nylas Mail, Mailspring
    ("gmail_quote_attribution", Container::Attribution), // Mailspring
    ("mailspring-signature", Container::Signature), // Mailspring
    ("edo-quote", Container::Quote),         // Edison
    ("edo-signature", Container::Signature), // Edison
    ("edo-reply", Container::Attribution),   // Edison
    ("bluemail_quote", Container::Quote),    // BlueMail
    ("gmail_msg_quote", Container::Quote),   // BlueMail
    ("k9mail-signature", Container::Signature), // K-9
    ("k9mail", Container::Plain),            // K-9
    ("isreplycontent", Container::Quote),    // 163, NetEase
    ("spnetedisoriginal", Container::Quote), // 163, NetEase
    ("ntes-mailmaster-quote", Container::Attribution), // NetEase Mail Master
    ("foxdiv", Container::Plain),            // Foxmail
    ("qmbox", Container::Plain),             // QQ: around any message
    ("reply-intro", Container::Attribution), // Roundcube
    ("replybody", Container::Plain),         // Roundcube
    ("replyblockquote", Container::Quote),   // Exchange of old
    ("elided-text", Container::Quote),       // archives
    ("hey_quote", Container::Quote),         // HEY
    ("trix-quote", Container::Quote),        // HEY
    ("freshdesk_quote", Container::Quote),   // Freshdesk
    ("zd-quote", Container::Quote),          // Zendesk
    ("zendesk_quote", Container::Quote),     // Zendesk
    ("intercom-quote", Container::Quote),    // Intercom
    ("missive_quote", Container::Attribution), // Missive
    ("missive_signature", Container::Signature), // Missive
    ("evo-email-headers", Container::Attribution), // Evolution
    ("x-evo-attribution", Container::Attribution), // Evolution
    ("-x-evo-attribution", Container::Attribution), // Evolution
    ("-x-evo-signature", Container::Signature), // Evolution
    ("x-evo-signature", Container::Signature), // Evolution
    ("mailmateattribution", Container::Attribution), // MailMate
    ("airmail_on", Container::Attribution),  // Airmail
    ("airmail_signature", Container::Signature), // Airmail
    ("bloop_sign", Container::Signature),    // Airmail
    ("composer_signature", Container::Signature), // Samsung
    ("quoted_header", Container::Attribution), // Samsung
    ("hubspot-quote", Container::Quote),     // HubSpot
    ("wmquote", Container::Quote),           // Mailfence, WorldClient
    ("bwquote", Container::Quote),           // Bluewin
    ("sfrquote", Container::Quote),          // SFR
    ("lwsquote", Container::Quote),          // La Poste
    ("email_quote", Container::Plain),       // Exchange's own styling of plain text `>`
    ("maily-quote", Container::Quote),
    ("mail_extra", Container::Attribution),
    ("signature_old", Container::Signature), // eM Client
    ("signature_", Container::Signature),    // eM Client
    ("mb_sig", Container::Signature),        // Mailbird
    ("canarysig", Container::Signature),     // Canary
    ("nh_quote", Container::Quote),          // wp.pl
    ("zimbra-quote", Container::Quote),      // Zimbra
    ("__quoted_text__", Container::Quote),   // Zimbra's data-marker
    ("__sig_pre__", Container::Signature),   // Zimbra's data-marker
    ("__sig_post__", Container::Signature),  // Zimbra's data-marker
];

/// Ids of rules from which on all is quoted.
const REST_RULES: &[&str] =
    &["zwchr", "stopspelling", "__divider__", "ecxstopspelling", "mailheaderhr", "tbmailquote"];

/// The colours in which Outlook, Windows Mail and their like draw the line over a header block.
pub(super) fn is_rest_rule(tag: &Tag) -> bool {
    ["id", "data-marker"].iter().filter_map(|a| attribute(tag, a)).any(|v| {
        let v = v.to_ascii_lowercase();
        REST_RULES.iter().any(|r| v == *r)
    })
}

/// An attribute's value.
pub(super) fn attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone())
}

/// What this start tag opens.
pub(super) fn container(tag: &Tag) -> Container {
    let name = tag.name.as_str();
    if matches!(name, "head" | "template" | "svg" | "math" | "select") {
        return Container::Hidden;
    }
    if tag.attributes.is_empty() {
        return if name == "blockquote" { Container::Blockquote } else { Container::Plain };
    }
    let style = attribute(tag, "style").map(|s| s.to_ascii_lowercase().replace(' ', ""));
    if style.as_deref().is_some_and(is_hidden) || tag.attributes.iter().any(|(n, _)| n == "hidden")
    {
        return Container::Hidden;
    }
    let named = by_name(tag);
    if name == "blockquote" {
        return blockquote(tag, named, style.as_deref());
    }
    match named {
        Some(container) => container,
        None if name == "includetail" => Container::Quote,
        None if name == "signature" => Container::Signature, // Mailspring
        None => style.as_deref().map_or(Container::Plain, by_style),
    }
}

fn by_name(tag: &Tag) -> Option<Container> {
    for (key, value) in &tag.attributes {
        let key = key.as_str();
        let value = value.to_ascii_lowercase();
        match key {
            "class" | "id" | "name" | "data-marker" | "data-smartmail" => {}
            "data-signatureblock" if value == "true" => return Some(Container::Signature), // Windows Mail
            "data-signature-widget" => return Some(Container::Signature),
            "fairemail" if value == "signature" => return Some(Container::Signature), // FairEmail
            _ => continue,
        }
        if matches!(key, "id" | "class")
            && matches!(value.as_str(), "signature" | "x_signature" | "signature-block")
        {
            return Some(Container::Signature); // Outlook on the web
        }
        if key == "name" && value == "quote" {
            return Some(Container::Attribution); // GMX, web.de
        }
        for word in value.split_ascii_whitespace() {
            let found = CONTAINERS.iter().find(|(prefix, _)| {
                word == *prefix || word.starts_with(prefix) && is_suffix(&word[prefix.len()..])
            });
            if let Some((_, container)) = found {
                return Some(*container);
            }
        }
    }
    None
}

/// Programs add numbers to their ids: `yahoo_quoted_1234`.
fn is_suffix(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_digit() || "_-".contains(c)) && !rest.contains("attr")
}

/// The Bat! quotes in a table whose first cell is a coloured line of two pixels.
pub(super) fn is_quote_bar(tag: &Tag) -> bool {
    let pixels = attribute(tag, "width").and_then(|w| w.trim().parse::<u8>().ok());
    tag.name == "td"
        && pixels.is_some_and(|w| (1..=4).contains(&w))
        && attribute(tag, "bgcolor").is_some()
}

fn blockquote(tag: &Tag, named: Option<Container>, style: Option<&str>) -> Container {
    let cite = attribute(tag, "type").is_some_and(|t| t.eq_ignore_ascii_case("cite"))
        || tag.attributes.iter().any(|(n, _)| n == "cite");
    let named_quote = matches!(named, Some(Container::Quote | Container::Attribution));
    let line = style.is_some_and(|s| s.contains("border-left"));
    // The indent button of Gmail and others makes `margin:0 0 0 40px;border:none`: a person's own.
    let indent = style.is_some_and(|s| s.contains("border:none") && s.contains("40px"));
    match (cite || named_quote, line) {
        (true, _) | (_, true) => Container::Quote,
        _ if indent => Container::Plain,
        _ => Container::Blockquote,
    }
}

fn is_hidden(style: &str) -> bool {
    style.contains("display:none")
        || style.contains("mso-hide:all")
        || style.contains("visibility:hidden")
        || is_nothing(style, "max-height:") && style.contains("overflow:hidden")
        || is_nothing(style, "opacity:")
}

/// Is a property zero? Newsletters hide the line that lists show of them so.
fn is_nothing(style: &str, property: &str) -> bool {
    let value =
        |at: usize| style[at + property.len()..].split([';', '!']).next().unwrap_or_default();
    style.match_indices(property).any(|(at, _)| {
        let whole = at == 0 || style[..at].ends_with(';');
        whole
            && value(at).trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%').parse()
                == Ok(0.0_f32)
    })
}

/// GMX and web.de quote in a div with a line at its left; Outlook draws a line above the header block.
fn by_style(style: &str) -> Container {
    if style.contains("border-left:")
        && style.contains("solid")
        && (style.contains("padding") || style.contains("margin"))
        && style.contains("#c3d9e5")
    {
        return Container::Attribution;
    }
    let border = style.contains("border-top:solid")
        || style.contains("border-top:1")
        || style.contains("border-top-width:1px")
        || style.contains("border-top:#");
    let outlook = border && (style.contains("padding") || style.contains("solid"));
    if outlook { Container::Border } else { Container::Plain }
}
