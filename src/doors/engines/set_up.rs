//! From the configuration to the engines of this gateway, in their order of fallback.

use std::{num::NonZero, path::PathBuf, sync::Arc, thread::available_parallelism, time::Duration};

use jiff::SignedDuration;

use super::{
    apertium::{self, Apertium},
    deepl::{self, DeepL},
    libretranslate::{self, LibreTranslate},
};
use crate::{
    flow::translate::{
        Engine, Limits, Translator, Waits,
        embedded::{self, Embedded},
        memory::Stored,
        models,
    },
    ground::config::{Config, EngineKind},
    keep::store::Store,
};

/// An unused model is unloaded after this.
const IDLE: Duration = Duration::from_secs(600);

/// Where the embedded engine's models are.
pub fn models_folder(config: &Config) -> PathBuf {
    let folder = &config.translation.models;
    if folder.as_os_str().is_empty() { config.data.join("models") } else { folder.clone() }
}

/// The translator, or `None` when translation is not set up: no engine is named, or the embedded one has no models.
pub fn translator(config: &Config, store: &Arc<Store>) -> Result<Option<Translator>, String> {
    let settings = &config.translation;
    let mut engines: Vec<Arc<dyn Engine>> = Vec::new();
    for kind in &settings.engines {
        match kind {
            EngineKind::Embedded => engines.extend(embedded(config)),
            EngineKind::Apertium => engines.push(Arc::new(Apertium::new(apertium::Settings {
                modes: settings.apertium_modes.clone(),
                gisting: settings.gisting,
            }))),
            EngineKind::LibreTranslate => engines.push(Arc::new(libretranslate(config)?)),
            EngineKind::Deepl => engines.push(Arc::new(DeepL::new(deepl::Settings {
                url: settings.deepl_url.clone(),
                key: settings.deepl_key.clone(),
                formality: settings.deepl_formality.clone(),
                glossary: None,
                regions: Vec::new(),
            })?)),
        }
    }
    let seconds = |seconds: u32| SignedDuration::from_secs(i64::from(seconds));
    let waits = Waits {
        patience: Duration::from_secs(u64::from(settings.patience_seconds)),
        notification: seconds(settings.notification_wait_seconds),
        reply: seconds(settings.reply_wait_seconds),
        undo: seconds(settings.undo_seconds),
    };
    let memory = Arc::new(Stored(Arc::clone(store)));
    Ok((!engines.is_empty()).then(|| Translator::new(engines, memory, waits)))
}

fn embedded(config: &Config) -> Option<Arc<dyn Engine>> {
    let folder = models_folder(config);
    let any = models::list(&folder).is_ok_and(|models| !models.is_empty());
    any.then(|| {
        // One processor is left for mail.
        let at_once = available_parallelism().map_or(1, NonZero::get).saturating_sub(1).max(1);
        Arc::new(Embedded::new(embedded::Settings { folder, at_once, idle: IDLE })) as _
    })
}

fn libretranslate(config: &Config) -> Result<LibreTranslate, String> {
    let settings = &config.translation;
    let key = &settings.libretranslate_key;
    LibreTranslate::new(libretranslate::Settings {
        url: settings.libretranslate_url.clone(),
        key: (!key.is_empty()).then(|| key.clone()),
        limits: Limits { texts: 20, chars: 5000 },
    })
}
