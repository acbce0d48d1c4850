//! What an administrator does: accounts, members, tokens, the queue.

use std::io::Write;

use jiff::tz::TimeZone;

use super::{
    AccountCommand, AccountTypeArg, Failure, MemberCommand, PlanArg, QueueCommand,
    SuppressedCommand, audit, form::Switch,
};
use crate::{
    flow::{clock, gateway::Gateway},
    ground::{
        access::Role,
        account::{Account, AccountType, Member, Plan, Settings, good_name},
        address::Address,
        config::{Config, EngineKind},
        form::{form_name, is_form_name},
        key::{AccountId, MemberId},
        language::Language,
        outcome::{Answer, DeliveryState},
        word,
    },
    keep::{journal::Event, maildir::SpoolName, store::StoreError},
};

pub(super) fn find_account(gateway: &Gateway, address: &str) -> Result<Account, Failure> {
    let wanted: Address = address.parse()?;
    let accounts = gateway.store.read(|reading| reading.accounts())?;
    let found = accounts.into_iter().find(|account| account.address.same_mailbox(&wanted));
    found.ok_or_else(|| {
        format!("no account has the address {wanted}; see relais account list").into()
    })
}

pub(super) fn account(config: &Config, command: AccountCommand) -> Result<(), Failure> {
    // The first account may be there before the first start.
    let gateway = match command {
        AccountCommand::Add { .. } => super::open_whole(config)?,
        _ => super::open(config)?,
    };
    match command {
        AccountCommand::Add { name, address, language, form } => {
            let account = add_account(&gateway, &name, &address, &language, form.as_deref())?;
            writeln!(
                std::io::stdout(),
                "{} added: mail {}, form {}/f/{}",
                account.name,
                account.address,
                config.base_url(),
                account.form
            )?;
            writeln!(std::io::stdout(), "{}", nobody_answers(&account))?;
        }
        AccountCommand::Set {
            account,
            name,
            language,
            time_zone,
            signature,
            from,
            account_type,
            plan,
            relay_address,
            engines,
        } => {
            let address = account;
            let mut account = find_account(&gateway, &address)?;
            let settings = Settings {
                name: name.unwrap_or_else(|| account.name.clone()),
                language: language.unwrap_or_else(|| account.language.clone()),
                time_zone: time_zone.unwrap_or_else(|| account.time_zone.clone()),
                // A shell has no line ends at hand.
                signature: signature
                    .map_or_else(|| account.signature.clone(), |text| text.replace("\\n", "\n")),
            };
            settings.apply(&mut account)?;
            if let Some(from) = from {
                account.own_address =
                    (!from.is_empty()).then(|| from.parse::<Address>()).transpose()?;
                account.vouched_since = None;
            }
            if let Some(wanted) = account_type {
                account.account_type = match wanted {
                    AccountTypeArg::Accommodation => AccountType::Accommodation,
                    AccountTypeArg::Activity => AccountType::Activity,
                };
            }
            if let Some(wanted) = plan {
                account.plan = match wanted {
                    PlanArg::Basic => Plan::Basic,
                    PlanArg::Connect => Plan::Connect,
                };
            }
            if let Some(address) = relay_address {
                account.relay_address = Some(relay_address_for(&gateway, &account, &address)?);
            }
            if let Some(names) = engines {
                account.engines = engines_of(config, &names)?;
            }
            let before = find_account(&gateway, &address)?;
            gateway.put_account(&account)?;
            audit::note(&gateway, account.id, "account set", &changes(&before, &account))?;
            writeln!(std::io::stdout(), "{}", described(&account))?;
        }
        AccountCommand::List => list(&gateway)?,
    }
    Ok(())
}

/// Engines by their names; the gateway must have them.
fn engines_of(config: &Config, names: &str) -> Result<Vec<EngineKind>, Failure> {
    let has = &config.translation.engines;
    let names = names.split([',', ' ']).filter(|name| !name.is_empty());
    let kind = |name: &str| has.iter().find(|kind| kind.name() == name).copied();
    let found = names.map(|name| {
        let all: Vec<&str> = has.iter().map(|kind| kind.name()).collect();
        kind(name).ok_or_else(|| {
            let all = all.join(", ");
            format!("{name}: the gateway has {all}; add {name} to translation.engines first, and restart it")
        })
    });
    let found: Vec<EngineKind> = found.collect::<Result<_, _>>()?;
    match found.iter().enumerate().find(|(nth, kind)| found[..*nth].contains(kind)) {
        Some((_, twice)) => Err(format!("{} is named twice; name each once", twice.name()).into()),
        None => Ok(found),
    }
}

/// What is another now, in words.
fn changes(before: &Account, now: &Account) -> String {
    let fields = [
        ("name", before.name != now.name),
        ("language", before.language != now.language),
        ("time zone", before.time_zone != now.time_zone),
        ("signature", before.signature != now.signature),
        ("from", before.own_address != now.own_address),
        ("type", before.account_type != now.account_type),
        ("plan", before.plan != now.plan),
        ("relay address", before.relay_address != now.relay_address),
        ("engines", before.engines != now.engines),
    ];
    let changed: Vec<&str> =
        fields.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    if changed.is_empty() { "nothing".to_owned() } else { changed.join(", ") }
}

/// An address OTAs may know a house by: nobody else's, and no reply address.
fn relay_address_for(
    gateway: &Gateway,
    account: &Account,
    address: &str,
) -> Result<Address, Failure> {
    let address = public_address(gateway, address)?;
    let accounts = gateway.store.read(|reading| reading.accounts())?;
    let is_its = |other: &Account| {
        other.address.same_mailbox(&address)
            || other.relay_address.as_ref().is_some_and(|a| a.same_mailbox(&address))
    };
    match accounts.iter().find(|other| other.id != account.id && is_its(other)) {
        Some(other) => Err(format!("{address} belongs to {}", other.name).into()),
        None => Ok(address),
    }
}

/// An address to which strangers may write here.
fn public_address(gateway: &Gateway, address: &str) -> Result<Address, Failure> {
    let address: Address = address.parse()?;
    let domain = address.domain();
    if domain == gateway.identity.reply_domain {
        let wrong = format!("{address}: the domain {domain} is for reply addresses, use another");
        return Err(wrong.into());
    }
    // RFC 5321, 4.5.1: of every domain, and read by who runs it.
    if address.local().eq_ignore_ascii_case("postmaster") {
        let wrong = format!(
            "{address}: the postmaster is who runs this server (postmaster in the configuration), use another"
        );
        return Err(wrong.into());
    }
    if let Some((house, member)) = gateway.members_at(&address)?.first() {
        let (house, member) = (&house.name, &member.name);
        return Err(
            format!("{address} is where {member} reads what {house} gets, use another").into()
        );
    }
    Ok(address)
}

/// What is set of a house, in one line.
fn described(account: &Account) -> String {
    let account_type = match account.account_type {
        AccountType::Accommodation => "accommodation",
        AccountType::Activity => "activity",
    };
    let plan = match account.plan {
        Plan::Basic => "basic",
        Plan::Connect => "connect",
    };
    let relay = account.relay_sender();
    let own = match (&account.own_address, account.vouched_since) {
        (None, _) => String::new(),
        (Some(own), Some(_)) => format!(", writes from {own}"),
        (Some(own), None) => format!(", wants to write from {own}: run relais doctor"),
    };
    let engines: Vec<&str> = account.engines.iter().map(|kind| kind.name()).collect();
    let engines = if engines.is_empty() {
        String::new()
    } else {
        format!(", translated by {}", engines.join(", "))
    };
    let zone = if account.time_zone.is_empty() { "UTC" } else { &account.time_zone };
    let signature = match account.signature.lines().next() {
        None => String::new(),
        Some(line) if line == account.signature => format!(", signs {line:?}"),
        Some(line) => format!(", signs {line:?} and more"),
    };
    format!(
        "{}: {account_type}, plan {plan}, language {}, time zone {zone}, relay replies come from {relay}{own}{engines}{signature}",
        account.name, account.language
    )
}

/// What to do for a house without members.
pub(super) fn nobody_answers(account: &Account) -> String {
    format!(
        "{} has no member, nobody hears of its requests: relais member add {} YOU@EXAMPLE.ORG",
        account.name, account.address
    )
}

/// Adds an account, or says why not.
pub(super) fn add_account(
    gateway: &Gateway,
    name: &str,
    address: &str,
    language: &str,
    form: Option<&str>,
) -> Result<Account, Failure> {
    let address = public_address(gateway, address)?;
    let accounts = gateway.store.read(|reading| reading.accounts())?;
    if let Some(other) = accounts.iter().find(|other| other.is_public(&address)) {
        return Err(format!("{address} is {}'s already, use another", other.name).into());
    }
    let its = |form: &str| accounts.iter().find(|other| other.form == form);
    let form = match form.map(str::to_lowercase) {
        None => form_name(address.local(), |name| its(name).is_some()),
        Some(form) if !is_form_name(&form) => {
            return Err(format!("form {form:?}: use letters, digits, - and _").into());
        }
        Some(form) => match its(&form) {
            Some(other) => {
                return Err(format!("the form {form} is {}'s, name another", other.name).into());
            }
            None => form,
        },
    };
    let id = AccountId::of(&[b"account", address.folded().as_bytes()]);
    let mut account = Account::new(id, name, address, language, &form);
    let (name, language) = (name.to_owned(), language.to_owned());
    Settings { name, language, ..Settings::default() }.apply(&mut account)?;
    gateway.put_account(&account)?;
    Ok(account)
}

/// How a member wants their mail; what is not said stays.
#[derive(Debug, Default)]
pub(super) struct Preferences {
    pub(super) role: Option<Role>,
    pub(super) reads: Option<Vec<Language>>,
    pub(super) as_written: Option<bool>,
    pub(super) strict: Option<bool>,
    pub(super) quiet: Option<bool>,
}

/// Adds a member, or changes what is said of one who is there.
pub(super) fn add_member(
    gateway: &Gateway,
    account: &Account,
    address: &str,
    name: Option<&str>,
    preferences: &Preferences,
) -> Result<Member, Failure> {
    let address: Address = address.parse()?;
    let id = MemberId::of(&[&account.id.0.to_be_bytes(), address.folded().as_bytes()]);
    // Mail to them would come back here, round and round.
    if address.domain() == gateway.identity.reply_domain || gateway.recipient(&address).is_ok() {
        let wrong =
            format!("{address}: mail to it comes to this Relais; write the mailbox they read");
        return Err(wrong.into());
    }
    let there = gateway.store.read(|reading| reading.members(account.id))?;
    let before = there.into_iter().find(|member| member.address.same_mailbox(&address));
    let before = before.unwrap_or_else(|| {
        let local = address.local().to_owned();
        Member::new(id, account.id, address, &local)
    });
    let name = good_name(name.unwrap_or(&before.name))
        .ok_or("a member needs a name of one line and at most 100 characters")?
        .to_owned();
    let reads = preferences.reads.as_ref();
    let member = Member {
        name,
        role: preferences.role.unwrap_or(before.role),
        reads: reads.map_or(before.reads, |all| all.iter().map(Language::to_string).collect()),
        as_written: preferences.as_written.unwrap_or(before.as_written),
        strict: preferences.strict.unwrap_or(before.strict),
        quiet: preferences.quiet.unwrap_or(before.quiet),
        id: before.id,
        account: before.account,
        address: before.address,
    };
    gateway.record(Event::Member(member.clone()))?;
    Ok(member)
}

/// What is set of a member, where it is not as usual.
fn said(member: &Member) -> String {
    let mut all = Vec::new();
    match member.role {
        Role::Owner => {}
        Role::Member => all.push("answers".to_owned()),
        Role::ReadOnly => all.push("only reads".to_owned()),
    }
    if !member.reads.is_empty() {
        all.push(format!("reads {}", member.reads.join(", ")));
    }
    for (is, word) in [
        (member.as_written, "replies as written"),
        (member.strict, "strict"),
        (member.quiet, "quiet"),
    ] {
        all.extend(is.then(|| word.to_owned()));
    }
    all.iter().map(|one| format!("  {one}")).collect()
}

fn list(gateway: &Gateway) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    gateway.store.read(|reading| {
        let accounts = reading.accounts()?;
        if accounts.is_empty() {
            let _ =
                writeln!(out, "there is no house yet: relais account add NAME --address ADDRESS");
        }
        for account in accounts {
            let counts = reading.counts(account.id)?;
            let _ = writeln!(
                out,
                "{}  <{}>  form /f/{}  {}  {} conversations, {} need a reply",
                account.name,
                account.address,
                account.form,
                account.language,
                counts.conversations,
                counts.needs_reply
            );
            let _ = writeln!(out, "    {}", described(&account));
            for member in reading.members(account.id)? {
                let _ = writeln!(out, "    {} <{}>{}", member.name, member.address, said(&member));
            }
        }
        Ok(())
    })?;
    Ok(())
}

pub(super) fn member(config: &Config, command: MemberCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let mut out = std::io::stdout();
    match command {
        MemberCommand::Add { account, address, name, role, reads, as_written, strict, quiet } => {
            let on = |switch: Option<Switch>| switch.map(|switch| switch == Switch::On);
            let preferences = Preferences {
                role,
                reads: reads.as_deref().map(languages).transpose()?,
                as_written: on(as_written),
                strict: on(strict),
                quiet: on(quiet),
            };
            let account = find_account(&gateway, &account)?;
            let before = gateway.store.read(|reading| reading.members(account.id))?;
            let member = add_member(&gateway, &account, &address, name.as_deref(), &preferences)?;
            audit::note(&gateway, account.id, "member add", &member.address.to_string())?;
            let (name, address, house) = (&member.name, &member.address, &account.name);
            let set = said(&member);
            match before.iter().find(|one| one.id == member.id) {
                None => writeln!(out, "{name} <{address}> answers for {house}{set}")?,
                Some(same) if *same == member => writeln!(
                    out,
                    "{name} <{address}> is a member of {house} already, nothing is changed{set}"
                )?,
                Some(_) => writeln!(
                    out,
                    "{name} <{address}> is a member of {house} already; what was not named stays{set}"
                )?,
            }
        }
        MemberCommand::Remove { account, address } => {
            let account = find_account(&gateway, &account)?;
            let wanted: Address = address.parse()?;
            let members = gateway.store.read(|reading| reading.members(account.id))?;
            let found = members.into_iter().find(|m| m.address.same_mailbox(&wanted));
            let member = found.ok_or_else(|| format!("{} has no member {wanted}", account.name))?;
            gateway.record(Event::MemberRemoved { member: member.id })?;
            audit::note(&gateway, member.account, "member remove", &member.address.to_string())?;
            writeln!(out, "{wanted} no longer answers for {}", account.name)?;
            if gateway.store.read(|reading| reading.members(account.id))?.is_empty() {
                writeln!(out, "{}", nobody_answers(&account))?;
            }
        }
    }
    Ok(())
}

/// Languages by their letters; none for an empty text.
fn languages(text: &str) -> Result<Vec<Language>, Failure> {
    let names = text.split([',', ' ']).filter(|name| !name.is_empty());
    let read = |name: &str| {
        let language = Language::parse(name).ok().filter(|language| language.exists());
        language.ok_or_else(|| format!("{name:?}: write the two letters of a language, such as pt"))
    };
    Ok(names.map(read).collect::<Result<_, _>>()?)
}

pub(super) fn suppressed(config: &Config, command: SuppressedCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let mut out = std::io::stdout();
    match command {
        SuppressedCommand::List { json } => {
            let all = gateway.store.read(|reading| reading.all_suppressed())?;
            let houses = gateway.store.read(|reading| reading.accounts())?;
            if json {
                writeln!(out, "{:#}", serde_json::json!(all))?;
            } else if all.is_empty() {
                writeln!(out, "mail is sent to every address")?;
            }
            for one in all.iter().filter(|_| !json) {
                let until = one.until.to_zoned(TimeZone::UTC).strftime("%F");
                let house = houses.iter().find(|house| house.id == one.account);
                let house = house.map_or("a house that is gone", |house| house.name.as_str());
                writeln!(out, "{:40} by {house} until {until}  {}", one.address, one.reason)?;
            }
        }
        SuppressedCommand::Remove { address } => {
            if !gateway.lift_suppression(&address)? {
                return Err(
                    format!("{address} is not suppressed; see relais suppressed list").into()
                );
            }
            writeln!(out, "every house sends mail to {address} again")?;
        }
    }
    Ok(())
}

pub(super) fn queue(config: &Config, command: QueueCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    match command {
        QueueCommand::List { json } => list_queue(&gateway, json),
        QueueCommand::Retry { id, unknown } => retry(&gateway, id.as_deref(), unknown),
    }
}

fn list_queue(gateway: &Gateway, json: bool) -> Result<(), Failure> {
    let rows = gateway.store.read(|reading| reading.queue())?;
    let failed = gateway.maildir.failed()?;
    let mut out = std::io::stdout();
    if json {
        let set_aside: Vec<_> = failed
            .iter()
            .map(|(name, reason)| serde_json::json!({"name": name.as_str(), "reason": reason}))
            .collect();
        let mut outgoing = serde_json::json!(rows);
        // Kept as text; whoever reads JSON wants what is in it.
        for row in outgoing.as_array_mut().into_iter().flatten() {
            let answer =
                row["last_answer"].as_str().and_then(|text| serde_json::from_str(text).ok());
            if let Some(answer) = answer {
                row["last_answer"] = answer;
            }
        }
        let all = serde_json::json!({"outgoing": outgoing, "set_aside": set_aside});
        writeln!(out, "{all:#}")?;
        return Ok(());
    }
    for row in &rows {
        let attempts = match row.attempts {
            1 => "1 attempt".to_owned(),
            many => format!("{many} attempts"),
        };
        // What has ended is due no more.
        let due = match row.state {
            DeliveryState::Waiting => {
                format!(", due {}", row.due_at.to_zoned(TimeZone::UTC).strftime("%F %T UTC"))
            }
            _ => String::new(),
        };
        writeln!(
            out,
            "{}  {:8} {:14} {:30} {attempts}{due}  {}",
            row.id,
            word::of(&row.state),
            word::of(&row.purpose),
            row.recipient,
            row.last_answer.as_deref().map(answer_line).unwrap_or_default()
        )?;
    }
    for (name, reason) in &failed {
        writeln!(out, "{}  set aside: {reason}", name.as_str())?;
    }
    if rows.is_empty() && failed.is_empty() {
        writeln!(out, "nothing waits")?;
    }
    Ok(())
}

/// What the other side said, in one line.
fn answer_line(kept: &str) -> String {
    let Ok(answer) = serde_json::from_str::<Answer>(kept) else { return kept.to_owned() };
    let host = answer.host.map(|host| format!("{host}:"));
    let code = answer.code.map(|code| code.to_string());
    let enhanced = answer.enhanced;
    // Servers repeat their codes in their words.
    let words = answer.text.split_whitespace().skip_while(|w| Some(*w) == enhanced.as_deref());
    let words = words.collect::<Vec<_>>().join(" ");
    let parts = [host, code, enhanced, Some(words)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn retry(gateway: &Gateway, id: Option<&str>, unknown: bool) -> Result<(), Failure> {
    let failed = gateway.maildir.failed()?;
    let again: Vec<&SpoolName> = failed
        .iter()
        .map(|(name, _)| name)
        .filter(|n| id.is_none_or(|id| id == n.as_str()))
        .collect();
    for name in &again {
        gateway.maildir.retry(name)?;
    }
    let outgoing = match id {
        Some(id) if again.is_empty() => Some(id.parse()?),
        _ => None,
    };
    let mut requeued = 0;
    if again.is_empty() || id.is_none() {
        let now = clock::now();
        requeued = gateway
            .store
            .write_blocking::<_, StoreError, _>(move |w| w.requeue(outgoing, unknown, now))?;
    }
    if requeued + again.len() == 0 && id.is_some() {
        return Err("no such mail in the queue; see relais queue list".into());
    }
    // What is of no house yet is nobody's to read about.
    let of = outgoing.map(|id| gateway.store.read(|reading| reading.account_of(id))).transpose()?;
    let houses = match of {
        Some(found) => found.into_iter().collect(),
        None if id.is_some() => Vec::new(),
        None => gateway.store.read(|reading| reading.accounts())?.iter().map(|a| a.id).collect(),
    };
    for house in houses {
        audit::note(gateway, house, "queue retry", id.unwrap_or_default())?;
    }
    writeln!(
        std::io::stdout(),
        "{requeued} mails will be sent and {} messages read again within seconds",
        again.len()
    )?;
    Ok(())
}
