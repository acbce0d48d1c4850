//! The contact form of a house, from the command line.

use std::io::Write;

use clap::{Subcommand, ValueEnum};

use super::{Failure, admin::find_account, audit};
use crate::{
    ground::{
        config::Config,
        form::{is_form_name, is_own_field, origin_of},
    },
    keep::journal::Event,
};

#[derive(Debug, Subcommand)]
pub(super) enum FormCommand {
    /// Where it is, who may send it, and where the snippet for a site is.
    Show {
        /// The account's public address.
        account: String,
    },
    /// Change what is wanted of it.
    Set {
        /// The account's public address.
        account: String,
        /// A site whose pages may send it, such as https://www.hotel.example; several times for several. Replaces those
        /// named before.
        #[arg(long)]
        origin: Vec<String>,
        /// Want a proof of work (ALTCHA) of the visitor's machine.
        #[arg(long, value_enum)]
        proof: Option<Switch>,
        /// Send the visitor a mail that says that the message arrived.
        #[arg(long, value_enum)]
        confirm: Option<Switch>,
        /// The name of the field people do not see: a request that has it filled in is held as a robot's. Name another
        /// where the site's own form has a visible field of that name.
        #[arg(long, value_name = "NAME")]
        trap: Option<String>,
        /// Take what does not say from which site it comes (programs, some browsers) only with the time stamp of the form's
        /// own page.
        #[arg(long, value_enum)]
        stamp: Option<Switch>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

pub(super) fn run(config: &Config, command: FormCommand) -> Result<(), Failure> {
    let gateway = super::open(config)?;
    let (FormCommand::Show { account } | FormCommand::Set { account, .. }) = &command;
    let house = find_account(&gateway, account)?;
    let mut rules = gateway.store.read(|reading| reading.form_rules(house.id))?;
    if let FormCommand::Set { origin, proof, confirm, trap, stamp, .. } = command {
        if !origin.is_empty() {
            let named = |text: &String| {
                origin_of(text)
                    .ok_or_else(|| format!("{text}: write a site as https://www.hotel.example"))
            };
            rules.origins = origin.iter().map(named).collect::<Result<_, _>>()?;
        }
        rules.proof = proof.map_or(rules.proof, |switch| switch == Switch::On);
        rules.confirm = confirm.map_or(rules.confirm, |switch| switch == Switch::On);
        rules.stamp = stamp.map_or(rules.stamp, |switch| switch == Switch::On);
        if let Some(name) = trap {
            if !is_form_name(&name) {
                return Err(format!("{name:?}: write letters, figures, - and _").into());
            }
            if is_own_field(&name) {
                return Err(format!(
                    "{name} is a field people fill in, every request would be held as a robot's; name one that no form \
                     has, such as homepage"
                )
                .into());
            }
            rules.trap = name;
        }
        gateway.record(Event::FormRules { account: house.id, rules: rules.clone() })?;
        audit::note(&gateway, house.id, "form set", "")?;
    }
    let mut out = std::io::stdout();
    let address = format!("{}/f/{}", gateway.identity.base_url, house.form);
    let word = |on: bool| if on { "on" } else { "off" };
    writeln!(out, "page      {address}\nsnippet   {address}/snippet?lang=en")?;
    writeln!(
        out,
        "sites     {}",
        if rules.origins.is_empty() {
            "only its own page".to_owned()
        } else {
            rules.origins.join(", ")
        }
    )?;
    writeln!(out, "proof     {}\nconfirm   {}", word(rules.proof), word(rules.confirm))?;
    writeln!(out, "stamp     {}\ntrap      {}", word(rules.stamp), rules.trap())?;
    Ok(())
}
