//! What an engine cannot do, seen with the real binary: down for good, a spent quota, texts too long, pairs it has not; and
//! whom nothing is translated for.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use relais::{
    flow::translate::{
        Engine as _, Job,
        embedded::{Embedded, Settings},
    },
    ground::{language::Language, letter::Letter},
};
use serde_json::{Value, json};
use support::{House, models, reply_to, wait_for};

const HOUSE: &str = "pousada@relais.localhost";
const YES: &str =
    "Bom dia,\n\nSim, temos um quarto duplo por 120 € por noite. A entrada é a partir das 15:00.";

/// An engine's server: what it answers to `POST`s with texts, and how often it was asked.
#[derive(Default)]
struct Script {
    /// 200 says every text in the right language with its facts.
    status: u16,
    asked: usize,
    /// The last request, head and body.
    last: String,
}

struct Server {
    url: String,
    script: Arc<Mutex<Script>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script { status: 200, ..Script::default() }));
        let shared = Arc::clone(&script);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Server { url: format!("http://{address}"), script }
    }

    fn answers(&self, status: u16) {
        self.script.lock().unwrap().status = status;
    }

    fn asked(&self) -> usize {
        self.script.lock().unwrap().asked
    }

    fn house(&self, engine: &str, more: &[(&str, &str)]) -> House {
        let engines = format!("[\"{engine}\"]");
        let (url, key) = (format!("RELAIS_TRANSLATION__{}_URL", engine.to_uppercase()), "key:fx");
        let mut settings = vec![
            ("RELAIS_TRANSLATION__ENGINES", engines.as_str()),
            (url.as_str(), self.url.as_str()),
            ("RELAIS_TRANSLATION__PATIENCE_SECONDS", "2"),
            ("RELAIS_TRANSLATION__UNDO_SECONDS", "0"),
            ("RELAIS_TRANSLATION__NOTIFICATION_WAIT_SECONDS", "1"),
        ];
        if engine == "deepl" {
            settings.push(("RELAIS_TRANSLATION__DEEPL_KEY", key));
        }
        settings.extend(more);
        House::start_with(&settings)
    }
}

fn serve(mut stream: TcpStream, script: &Mutex<Script>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
        let last = head.lines().next_back().unwrap_or("").to_ascii_lowercase();
        if let Some(value) = last.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let question: Value = serde_json::from_slice(&body).unwrap_or_default();
    let target = ["target", "target_lang"].iter().find_map(|key| question[*key].as_str());
    let english = target.is_some_and(|target| target.to_lowercase().starts_with("en"));
    let say = |text: &Value| {
        let words = text.as_str().unwrap().split_whitespace();
        let facts = words.filter(|word| word.contains(|c: char| c.is_ascii_digit() || c == '€'));
        let facts: Vec<&str> = facts.collect();
        let (begins, and) = if english {
            ("Yes, we are very happy to confirm this to you:", " and ")
        } else {
            ("Sim, temos todo o gosto em confirmar isto:", " e ")
        };
        format!("{begins} {}", facts.join(and))
    };
    let texts = ["q", "text"].iter().find_map(|key| question[*key].as_array());
    let said: Vec<String> = texts.map(|texts| texts.iter().map(say).collect()).unwrap_or_default();
    let status = {
        let mut script = script.lock().unwrap();
        script.asked += usize::from(!said.is_empty());
        script.last = format!("{head}{}", String::from_utf8_lossy(&body));
        script.status
    };
    let done = |text: &String| json!({"text": text, "billed_characters": text.len()});
    let answer = match status {
        200 if question.get("q").is_some() => json!({"translatedText": said}),
        200 if question.get("text").is_some() => {
            json!({"translations": said.iter().map(done).collect::<Vec<_>>()})
        }
        // What a server of LibreTranslate says that it knows.
        200 => {
            json!([{"code": "en", "targets": ["pt"]}, {"code": "pt", "targets": ["en"]}])
        }
        _ => json!({"error": "no", "message": "no"}),
    }
    .to_string();
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(answer.as_bytes()));
}

fn asked(house: &House) -> Letter {
    let question = b"From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Double room\r\n\
        Message-ID: <q1@guest.example>\r\n\r\nHello,\r\n\r\nDo you have a double room for two nights in August?\r\n";
    house.mail("john@guest.example", &[HOUSE], question);
    house.mail_out("the notification", |l| l.to[0].address.local() == "ana")
}

fn answer(house: &House, to: &str, id: &str, text: &str) {
    let raw = format!(
        "From: Ana <ana@pousada.example>\r\nTo: {to}\r\nSubject: Re: Double room\r\nMessage-ID: <{id}@pousada.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    house.mail("ana@pousada.example", &[to], raw.as_bytes());
}

fn only_conversation(house: &House) -> Value {
    let id = house.conversations("")[0]["id"].as_str().unwrap().to_owned();
    house.conversation(&id)
}

fn to_john(house: &House) -> usize {
    house.outgoing().iter().filter(|l| l.to[0].address.local() == "john").count()
}

fn preview(house: &House, text: &str, from: &str, to: &str) -> Value {
    let body = json!({"text": text, "from": from, "to": to});
    house.api("POST", "/translate/preview", Some(&body)).1["translation"].clone()
}

/// A reply waits for its engine so long and no longer: then its author is asked, and may send it as it is.
#[test]
fn a_reply_whose_time_is_over_is_asked_about() {
    let server = Server::start();
    let house = server.house("libretranslate", &[("RELAIS_TRANSLATION__REPLY_WAIT_SECONDS", "4")]);
    let to = reply_to(&asked(&house));
    server.answers(503);
    answer(&house, &to, "a1", YES);
    wait_for("the reply to wait", || {
        (only_conversation(&house)["messages"][1]["state"] == "translating").then_some(())
    });
    let question = house.mail_out("the question", |l| l.subject.starts_with("Não enviado"));
    assert!(question.text().contains("não responde agora"), "{}", question.text());
    assert!(question.text().contains("/held/"), "{}", question.text());
    let reply = only_conversation(&house)["messages"][1].clone();
    assert_eq!((&reply["state"], to_john(&house)), (&json!("held"), 0), "{reply}");
    let path = format!("/messages/{}/decision", reply["id"].as_str().unwrap());
    assert_eq!(house.api("POST", &path, Some(&json!({"decision": "as_written"}))).0, 204);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(mail.text().contains("answers in their own language"), "{}", mail.text());
    assert!(mail.text().contains("temos um quarto duplo"), "{}", mail.text());
}

/// DeepL by the binary: its key in the header alone, and once the quota is spent it is not asked again.
#[test]
fn a_spent_quota_is_told_and_not_asked_again() {
    let server = Server::start();
    let house = server.house("deepl", &[("RELAIS_TRANSLATION__REPLY_WAIT_SECONDS", "3")]);
    let to = reply_to(&asked(&house));
    answer(&house, &to, "a1", YES);
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "john");
    assert!(mail.text().contains("happy to confirm"), "{}", mail.text());
    let last = server.script.lock().unwrap().last.clone();
    let (head, body) = last.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains("authorization: deepl-auth-key key:fx"), "{head}");
    assert!(head.starts_with("POST /v2/translate ") && !body.contains("key:fx"), "{last}");
    server.answers(456);
    let before = server.asked();
    answer(&house, &to, "a2", "A praia fica a dez minutos a pé da nossa casa.");
    let question = house.mail_out("the question", |l| l.subject.starts_with("Não enviado"));
    assert!(question.text().contains("esgotou a quota"), "{}", question.text());
    for text in ["A casa é branca e grande.", "O jardim é verde e calmo."] {
        let found = preview(&house, text, "pt", "en");
        assert!(found["why"].as_str().unwrap().contains("esgotou a quota"), "{found}");
    }
    assert_eq!(server.asked(), before + 1, "once was enough");
    assert_eq!(to_john(&house), 1);
}

/// Three failures in a row, and it is left alone for a while: nobody waits for its time-outs.
#[test]
fn an_engine_in_trouble_is_left_alone_by_the_house() {
    let server = Server::start();
    let house = server.house("libretranslate", &[]);
    server.answers(500);
    for n in ["branca", "azul", "verde", "preta", "rosa", "bonita"] {
        let found = preview(&house, &format!("A casa grande junto ao mar é {n}."), "pt", "en");
        assert!(found["why"].as_str().unwrap().contains("não responde agora"), "{found}");
    }
    assert_eq!(server.asked(), 3);
}

#[test]
fn a_reply_too_long_is_asked_about() {
    let server = Server::start();
    let house = server.house("libretranslate", &[]);
    let to = reply_to(&asked(&house));
    let before = server.asked();
    let long = "A casa fica junto ao mar e tem um jardim com muitas flores.\n".repeat(350);
    answer(&house, &to, "a1", &long);
    let question = house.mail_out("the question", |l| l.subject.starts_with("Não enviado"));
    assert!(question.text().contains("mais de 20000 caracteres"), "{}", question.text());
    assert_eq!(only_conversation(&house)["messages"][1]["state"], "held");
    assert_eq!((server.asked(), to_john(&house)), (before, 0), "no engine saw it");
}

/// Rui reads English, Ana does not: he gets the message as it is, she gets it translated.
#[test]
fn nothing_is_translated_for_who_reads_the_language() {
    let server = Server::start();
    let house =
        server.house("libretranslate", &[("RELAIS_TRANSLATION__NOTIFICATION_WAIT_SECONDS", "20")]);
    house.cli(&["member", "add", HOUSE, "rui@pousada.example", "--name", "Rui", "--reads", "en"]);
    let translated = asked(&house).text();
    assert!(translated.contains("todo o gosto em confirmar"), "{translated}");
    assert!(translated.contains("a double room for two nights"), "{translated}");
    let own = house.mail_out("his", |l| l.to[0].address.local() == "rui").text();
    assert!(own.contains("a double room for two nights"), "{own}");
    assert!(!own.contains("todo o gosto em confirmar"), "{own}");
}

/// The real Apertium for a house, where it is installed.
#[test]
fn apertium_translates_for_a_house() {
    if !Path::new("/usr/share/apertium/modes/es-pt.mode").is_file() {
        println!("Apertium was not tried: apertium-es-pt is not installed");
        return;
    }
    let house = House::start_with(&[
        ("RELAIS_TRANSLATION__ENGINES", "[\"apertium\"]"),
        ("RELAIS_TRANSLATION__UNDO_SECONDS", "0"),
    ]);
    let question = "From: Paco <paco@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: Perro\r\n\
        Message-ID: <p1@guest.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
        Buenas tardes, ¿podemos llevar a nuestro perro pequeño al hotel en agosto? Llegamos a las 21:30.\r\n";
    house.mail("paco@guest.example", &[HOUSE], question.as_bytes());
    let notification = house.mail_out("the notification", |l| l.to[0].address.local() == "ana");
    let text = notification.text();
    assert!(text.contains("21:30") && text.contains("podemos levar"), "{text}");
    answer(
        &house,
        &reply_to(&notification),
        "a1",
        "Sim, o cão pode ficar no quarto por 10 € por noite.",
    );
    let mail = house.mail_out("the answer", |l| l.to[0].address.local() == "paco");
    assert!(mail.text().contains("10 €") && mail.text().contains("perro"), "{}", mail.text());
    let reply = only_conversation(&house)["messages"][1].clone();
    assert_eq!(reply["translations"][0]["engines"], json!(["apertium"]), "{reply}");
    let other = preview(&house, "The house is white.", "en", "es");
    assert_eq!(other["state"], "never", "a pair that changes the meaning: {other}");
}

/// A model nobody needs any more leaves the memory with its thread, and comes back when it is asked.
#[tokio::test]
async fn an_idle_model_is_unloaded() {
    let Some(folder) = models() else { return };
    let idle = Duration::from_millis(300);
    let engine = Embedded::new(Settings { folder, at_once: 1, idle });
    let job = || Job {
        from: Language::PT,
        to: Language::EN,
        texts: vec!["A casa é bonita.".to_owned()],
        patience: Duration::from_secs(60),
    };
    let loaded = || {
        let threads = fs::read_dir("/proc/self/task").unwrap().flatten();
        let names =
            threads.filter_map(|thread| fs::read_to_string(thread.path().join("comm")).ok());
        names.filter(|name| name.trim() == "model pt-en").count()
    };
    assert_eq!(loaded(), 0, "nothing is loaded before the first job");
    for _ in 0..2 {
        let done = engine.translate(job()).await.unwrap();
        assert!(done.texts[0].contains("house"), "{done:?}");
        assert_eq!(loaded(), 1);
        wait_for("the model to be unloaded", || (loaded() == 0).then_some(()));
    }
}
