//! `relais dkim`: keys made, their records shown.

use std::io::Write;

use clap::Subcommand;

use super::Failure;
use crate::{doors::delivery::sign, flow::clock, ground::config::Config};

/// DKIM keys.
#[derive(Debug, Subcommand)]
pub(super) enum DkimCommand {
    /// Make the keys of a new selector (RSA-2048 and Ed25519) and print the DNS records to publish.
    Generate {
        /// Its name; made from today's date if missing.
        selector: Option<String>,
    },
    /// Print the records of every selector with keys, and which one signs.
    List,
}

pub(super) fn run(config: &Config, command: DkimCommand) -> Result<(), Failure> {
    let (folder, domain) = (sign::folder(config), config.reply_domain.to_lowercase());
    let mut out = std::io::stdout();
    match command {
        DkimCommand::Generate { selector } => {
            let selector = selector.unwrap_or_else(|| clock::now().strftime("r%Y%m%d").to_string());
            if selector.is_empty()
                || !selector.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            {
                return Err(format!("{selector:?}: a selector is letters, digits and -").into());
            }
            if sign::selectors(&folder).contains(&selector) {
                let list = "relais dkim list prints its records";
                return Err(format!("the selector {selector} has keys already: {list}; for new keys name another, relais dkim generate {selector}b").into());
            }
            print(&mut out, &sign::generate(&folder, &selector, &domain)?)?;
            writeln!(
                out,
                "\nPublish these, then set dkim.selector = \"{selector}\" and restart. Leave the records of the old\n\
                 selector for two weeks: mail on its way is signed with it."
            )?;
        }
        DkimCommand::List => {
            for selector in sign::selectors(&folder) {
                let signs =
                    if selector == config.dkim.selector { "signs" } else { "does not sign" };
                writeln!(out, "; {selector} {signs}")?;
                print(&mut out, &sign::records(&folder, &selector, &domain)?)?;
            }
        }
    }
    Ok(())
}

/// As lines of a zone file: a TXT string holds 255 bytes at most (RFC 1035, 3.3).
fn print(out: &mut impl Write, records: &[sign::DnsRecord]) -> Result<(), Failure> {
    for (name, text) in records {
        let strings: Vec<String> = text
            .as_bytes()
            .chunks(255)
            .map(|chunk| format!("\"{}\"", String::from_utf8_lossy(chunk)))
            .collect();
        writeln!(out, "{name}. TXT {}", strings.join(" "))?;
    }
    Ok(())
}
