//! The embedded engine: Firefox translation models on this machine's processor, by the crate `fxtranslate`.
//!
//! A loaded model cannot leave its thread, so each has a thread of its own, started by the first job and ended
//! after some idle time with the model's memory. A semaphore bounds how many translate at once, so that mail
//! is accepted at full rate meanwhile; a bounded queue says "busy" instead of growing.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, mpsc},
    time::{Duration, UNIX_EPOCH},
};

use fxtranslate::{engine::Engine as Fx, shortlist::Shortlist};
use tokio::sync::{Semaphore, oneshot};

use super::{
    Answered, Done, Engine, Fail, Job, Limits,
    models::{self, Model},
};
use crate::{ground::language::Language, keep::background};

/// Jobs that may wait for one model before the next is told "busy".
const QUEUE_JOBS: usize = 32;

/// How the embedded engine is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    pub folder: PathBuf,
    /// Models translating at the same time; one less than the processors leaves room for mail.
    pub at_once: usize,
    /// A model unused for so long is unloaded.
    pub idle: Duration,
}

struct Order {
    texts: Vec<String>,
    answer: oneshot::Sender<Result<Vec<String>, Fail>>,
}

type Pair = (Language, Language);

/// The engine; cheap to make, nothing is loaded until the first job.
pub struct Embedded {
    settings: Settings,
    threads: Mutex<HashMap<Pair, mpsc::SyncSender<Order>>>,
    turns: Arc<Semaphore>,
}

impl Embedded {
    pub fn new(settings: Settings) -> Self {
        let turns = Arc::new(Semaphore::new(settings.at_once.max(1)));
        Embedded { settings, threads: Mutex::default(), turns }
    }

    /// The models to pass through: the direct one, or two by way of English.
    fn route(&self, from: Language, to: Language) -> Option<Vec<Model>> {
        let models = models::list(&self.settings.folder).ok()?;
        let find =
            |from, to| models.iter().find(|model| (model.from, model.to) == (from, to)).cloned();
        find(from, to)
            .map(|model| vec![model])
            .or_else(|| Some(vec![find(from, Language::EN)?, find(Language::EN, to)?]))
    }

    /// Hands an order to the model's thread, starting it where there is none or it has ended.
    fn order(&self, model: &Model, order: Order) -> Result<(), Fail> {
        let mut threads = self.threads.lock().expect("nobody panics while holding the lock");
        let queue = threads.entry((model.from, model.to)).or_insert_with(|| self.start(model));
        match queue.try_send(order) {
            Ok(()) => Ok(()),
            Err(mpsc::TrySendError::Full(_)) => Err(Fail::Busy { retry_after: None }),
            Err(mpsc::TrySendError::Disconnected(order)) => {
                *queue = self.start(model);
                queue.try_send(order).map_err(|_| Fail::Busy { retry_after: None })
            }
        }
    }

    fn start(&self, model: &Model) -> mpsc::SyncSender<Order> {
        let (queue, orders) = mpsc::sync_channel(QUEUE_JOBS);
        let (model, idle) = (model.clone(), self.settings.idle);
        let name = format!("model {}-{}", model.from, model.to);
        // Where no thread can be had, the queue is closed and the job fails as "down".
        let started =
            std::thread::Builder::new().name(name).spawn(move || serve(&model, idle, &orders));
        if let Err(error) = started {
            tracing::warn!(%error, "no thread for a translation model");
        }
        queue
    }

    async fn step(
        &self,
        model: &Model,
        texts: Vec<String>,
        patience: Duration,
    ) -> Result<Vec<String>, Fail> {
        let work = async {
            let _turn =
                self.turns.acquire().await.map_err(|_| Fail::Down("it is ending".into()))?;
            let (answer, answered) = oneshot::channel();
            self.order(model, Order { texts, answer })?;
            answered.await.map_err(|_| Fail::Down("the model's thread ended".into()))?
        };
        tokio::time::timeout(patience, work).await.map_err(|_| Fail::Timeout)?
    }
}

/// One model's thread: loads it, translates, and ends with it after the idle time.
fn serve(model: &Model, idle: Duration, orders: &mpsc::Receiver<Order>) {
    background::give_way(background::TRANSLATING);
    let engine = match load(model) {
        Ok(engine) => engine,
        Err(why) => {
            tracing::warn!(from = %model.from, to = %model.to, why, "a translation model cannot be loaded");
            while let Ok(order) = orders.try_recv() {
                let _ = order.answer.send(Err(Fail::Down(why.clone())));
            }
            return;
        }
    };
    while let Ok(order) = orders.recv_timeout(idle) {
        let mut said = Vec::with_capacity(order.texts.len());
        for text in &order.texts {
            // Who asked has gone: nobody reads the rest.
            if order.answer.is_closed() {
                break;
            }
            said.push(engine.translate_long(text));
        }
        let _ = order.answer.send(Ok(said));
    }
}

fn load(model: &Model) -> Result<Fx, String> {
    // The engine's kernel is compiled for AVX2 and would end the process on an older one.
    #[cfg(target_arch = "x86_64")]
    if !std::arch::is_x86_feature_detected!("avx2") {
        return Err("this processor has no AVX2, which the embedded engine needs".into());
    }
    let engine = Fx::load(&model.model, &model.source_vocabulary, &model.target_vocabulary)?;
    let Some(path) = &model.shortlist else {
        return Ok(engine);
    };
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(engine.with_shortlist(Shortlist::from_bytes(&bytes)))
}

impl Engine for Embedded {
    fn name(&self) -> &str {
        "embedded"
    }

    /// A model that was replaced says things anew.
    fn tag(&self, from: Language, to: Language) -> String {
        let versions = self.route(from, to).unwrap_or_default().into_iter().map(|model| {
            let name = model.model.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let data = std::fs::metadata(&model.model).and_then(|data| data.modified()).ok();
            let since = data.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
            format!(" {name}:{}:{}", model.size_bytes, since.as_secs())
        });
        format!("embedded/fxtranslate-0.5{}", versions.collect::<String>())
    }

    fn knows(&self, from: Language, to: Language) -> bool {
        self.route(from, to).is_some()
    }

    fn limits(&self) -> Limits {
        Limits { texts: 64, chars: 8_000 }
    }

    fn translate<'a>(&'a self, job: Job) -> Answered<'a, Result<Done, Fail>> {
        Box::pin(async move {
            let route = self.route(job.from, job.to).ok_or(Fail::Unsupported(job.from, job.to))?;
            let mut texts = job.texts;
            for model in &route {
                texts = self.step(model, texts, job.patience).await?;
            }
            Ok(Done { texts, billed_chars: None })
        })
    }

    fn health<'a>(&'a self) -> Answered<'a, Result<(), Fail>> {
        Box::pin(async move {
            match models::list(&self.settings.folder) {
                Ok(models) if models.is_empty() => Err(Fail::Down("no model is installed".into())),
                Ok(_) => Ok(()),
                Err(error) => Err(Fail::Down(error.to_string())),
            }
        })
    }
}
