//! Scores translation by real engines: generated facts, checked literally, and quality on our own sentences.
//!
//! `cargo run --release --example score_translation MODELS`, where MODELS is filled by `tests/support/models.sh`;
//! Apertium takes part where its modes are installed, LibreTranslate where `LIBRETRANSLATE_URL` names a server.
//! Exits with 1 when a message that would go out has lost, changed or gained a fact, or quality has fallen.

mod chrf;
mod facts;
mod quality;

use std::{env, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use relais::{
    doors::engines::{
        apertium::{self, Apertium},
        libretranslate::{self, LibreTranslate},
    },
    flow::translate::{
        Engine, Limits,
        embedded::{Embedded, Settings},
    },
    ground::language::Language,
};

fn engines() -> Result<Vec<Arc<dyn Engine>>, String> {
    let mut engines: Vec<Arc<dyn Engine>> = Vec::new();
    match env::args().nth(1).map(PathBuf::from).filter(|folder| folder.is_dir()) {
        Some(folder) => {
            let settings = Settings { folder, at_once: 2, idle: Duration::from_secs(60) };
            engines.push(Arc::new(Embedded::new(settings)));
        }
        None => println!("embedded: skipped, no folder of models was named"),
    }
    let modes = PathBuf::from("/usr/share/apertium/modes");
    if modes.join("es-pt.mode").is_file() {
        engines.push(Arc::new(Apertium::new(apertium::Settings { modes, gisting: false })));
    } else {
        println!("apertium: skipped, apertium-es-pt is not installed");
    }
    match env::var("LIBRETRANSLATE_URL") {
        Ok(url) => {
            let limits = Limits { texts: 20, chars: 5000 };
            let settings = libretranslate::Settings { url, key: None, limits };
            engines.push(Arc::new(LibreTranslate::new(settings)?));
        }
        Err(_) => println!("libretranslate: skipped, LIBRETRANSLATE_URL names no server"),
    }
    Ok(engines)
}

#[tokio::main]
async fn main() -> ExitCode {
    let engines = match engines() {
        Ok(engines) => engines,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let mut good = true;
    for engine in &engines {
        println!("\n{}", engine.tag(Language::EN, Language::PT));
        if let Err(fail) = engine.health().await {
            eprintln!("{}: {fail}", engine.name());
            return ExitCode::from(3);
        }
        good &= facts::score(engine).await;
        good &= quality::score(engine).await;
    }
    println!("\n{}", if good { "good" } else { "NOT GOOD" });
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
