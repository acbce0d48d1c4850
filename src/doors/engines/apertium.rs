//! Apertium's pipes: one long-running pipeline a pair, no process per message (reference, 3.6).
//!
//! Its output keeps the meaning only between close languages. Other pairs are refused unless the administrator
//! allows gisting, and then they are rough: the mail says so.

use std::{collections::HashMap, path::PathBuf, process::Stdio, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Mutex,
};

use crate::{
    flow::translate::{Answered, Done, Engine, Fail, Job, Limits},
    ground::language::Language,
};

/// Pairs, in both directions, whose output people rated as keeping the meaning, or whose languages are as close.
const KEPT: &[(&str, &str)] =
    &[("es", "pt"), ("ca", "es"), ("ca", "pt"), ("es", "gl"), ("gl", "pt")];

/// Debian's names of the modes mix two and three letters.
const THREE: &[(&str, &str)] = &[
    ("en", "eng"),
    ("es", "spa"),
    ("fr", "fra"),
    ("it", "ita"),
    ("ca", "cat"),
    ("pt", "por"),
    ("gl", "glg"),
];

/// Where the modes are, and what is allowed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `/usr/share/apertium/modes` on Debian.
    pub modes: PathBuf,
    pub gisting: bool,
}

pub struct Apertium {
    settings: Settings,
    pipes: Mutex<HashMap<(Language, Language), Slot>>,
}

/// A pair's pipeline, where one runs; one text at a time goes through it.
type Slot = Arc<Mutex<Option<Pipe>>>;

/// A running pipeline.
struct Pipe {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
    asked: u64,
}

/// A pipeline is a dozen processes: all of them end with it, or one that hangs would leave them behind.
impl Drop for Pipe {
    fn drop(&mut self) {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        if let Some(group) = id.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

impl Apertium {
    pub fn new(settings: Settings) -> Self {
        Apertium { settings, pipes: Mutex::default() }
    }

    fn mode(&self, from: Language, to: Language) -> Option<PathBuf> {
        let long = |language: Language| {
            THREE
                .iter()
                .find(|(two, _)| *two == language.as_str())
                .map_or("", |(_, three)| three)
                .to_owned()
        };
        let names = [format!("{from}-{to}.mode"), format!("{}-{}.mode", long(from), long(to))];
        names.into_iter().map(|name| self.settings.modes.join(name)).find(|path| path.is_file())
    }

    fn is_kept(from: Language, to: Language) -> bool {
        let pair = (from.as_str(), to.as_str());
        KEPT.iter().any(|&(a, b)| pair == (a, b) || pair == (b, a))
    }

    fn start(&self, from: Language, to: Language) -> Result<Pipe, Fail> {
        let path = self.mode(from, to).ok_or(Fail::Unsupported(from, to))?;
        let down = |error: std::io::Error| Fail::Down(error.to_string());
        let mode = std::fs::read_to_string(path).map_err(down)?;
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(null_flushing(&mode))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(down)?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Fail::Down("no pipes".into()));
        };
        Ok(Pipe { child, to, from, asked: 0 })
    }

    async fn run(&self, job: &Job) -> Result<Done, Fail> {
        let slot = self.pipes.lock().await.entry((job.from, job.to)).or_default().clone();
        let mut slot = slot.lock().await;
        // Taken out while in use: a caller that gives up must not leave half an answer to the next.
        let mut pipe = match slot.take() {
            Some(pipe) => pipe,
            None => self.start(job.from, job.to)?,
        };
        let mut texts = Vec::with_capacity(job.texts.len());
        for text in &job.texts {
            texts.push(pipe.ask(text).await?);
        }
        *slot = Some(pipe);
        Ok(Done { texts, billed_chars: None })
    }
}

/// `$1` is the generator's option (`-n`: no marks on unknown words), `$2` the tagger's; `-z` makes each command
/// flush at a null.
fn null_flushing(mode: &str) -> String {
    let commands = mode.trim().split('|').map(|command| {
        let command = command.trim().replace("$1", "-n").replace("$2", "");
        match command.split_once(' ') {
            Some((program, rest)) => format!("{program} -z {rest}"),
            None => format!("{command} -z"),
        }
    });
    commands.collect::<Vec<_>>().join(" | ")
}

impl Pipe {
    /// Sends one text and a mark of our own, and reads up to the mark: the commands write nulls of theirs, and
    /// who waits for one null waits for ever.
    async fn ask(&mut self, text: &str) -> Result<String, Fail> {
        let down = |error: std::io::Error| Fail::Down(error.to_string());
        self.asked += 1;
        let mark = format!("[/relais{}]", self.asked);
        let request = format!("{}\0{mark}\0", deformatted(text));
        // Longer than the pipe holds, both ends must move at once.
        let answer = async {
            let mut said = Vec::new();
            let mut part = [0; 4096];
            while !said.windows(mark.len()).any(|window| window == mark.as_bytes()) {
                match self.from.read(&mut part).await.map_err(down)? {
                    0 => return Err(Fail::Down("the pipe ended".into())),
                    len => said.extend(part[..len].iter().filter(|byte| **byte != 0)),
                }
                if said.len() > text.len() * 8 + 4096 {
                    return Err(Fail::BadAnswer("it does not stop".into()));
                }
            }
            Ok(said)
        };
        let ask = async {
            self.to.write_all(request.as_bytes()).await.map_err(down)?;
            self.to.flush().await.map_err(down)
        };
        let (said, ()) = tokio::try_join!(answer, ask)?;
        let said = String::from_utf8_lossy(&said).replace(&mark, "");
        Ok(reformatted(&said))
    }
}

/// The stream format's own signs are escaped, and a full stop of ours ends the text, as Apertium's own filter does.
fn deformatted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars().filter(|c| *c != '\0') {
        if "[]{}^$/\\@<>".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out + ".[]"
}

fn reformatted(said: &str) -> String {
    let said = said.trim_end();
    let said = said.strip_suffix(".[]").or_else(|| said.strip_suffix("[]")).unwrap_or(said);
    let mut out = String::with_capacity(said.len());
    let mut escaped = false;
    for c in said.chars() {
        if c == '\\' && !escaped {
            escaped = true;
            continue;
        }
        escaped = false;
        out.push(c);
    }
    out
}

impl Engine for Apertium {
    fn name(&self) -> &str {
        "apertium"
    }

    fn tag(&self, _: Language, _: Language) -> String {
        "apertium".into()
    }

    fn knows(&self, from: Language, to: Language) -> bool {
        (self.settings.gisting || Self::is_kept(from, to)) && self.mode(from, to).is_some()
    }

    fn is_rough(&self, from: Language, to: Language) -> bool {
        !Self::is_kept(from, to)
    }

    fn limits(&self) -> Limits {
        Limits { texts: 64, chars: 20_000 }
    }

    fn translate<'a>(&'a self, job: Job) -> Answered<'a, Result<Done, Fail>> {
        Box::pin(async move {
            if !self.knows(job.from, job.to) {
                return Err(Fail::Unsupported(job.from, job.to));
            }
            tokio::time::timeout(job.patience, self.run(&job)).await.map_err(|_| Fail::Timeout)?
        })
    }

    fn health<'a>(&'a self) -> Answered<'a, Result<(), Fail>> {
        Box::pin(async move {
            if self.settings.modes.is_dir() {
                return Ok(());
            }
            Err(Fail::Down(format!("{}: apertium is not installed", self.settings.modes.display())))
        })
    }
}
