//! Models from a catalogue: a server of the shape of Mozilla's Remote Settings, and everything that can go wrong there.
//! The real one was never tried: this workplace does not reach it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/fake_http.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test uses its part")]
mod fake_http;

use std::{
    fs,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use data_encoding::HEXLOWER;
use fake_http::{Answer, CUT, Request, json, serve};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What the server does to the model's file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Well,
    /// Another file than the catalogue says.
    Forged,
    /// The right file, but it unpacks to something else.
    ForgedInside,
    Missing,
    /// Down for the first two requests.
    Hiccup,
    /// The line breaks in the middle, once.
    Cut,
    /// It breaks each time.
    AlwaysCut,
    NoCatalogue,
}

struct Server {
    url: String,
    mood: Arc<Mutex<Mood>>,
    /// From which byte the model's file was asked for, each time.
    asked: Arc<Mutex<Vec<usize>>>,
}

fn sum(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The files of a model, as they are unpacked.
fn files() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let bytes = |seed: u32| -> Vec<u8> {
        let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let states = std::iter::successors(Some(seed), next).take(200_000);
        states.map(|state| u8::try_from(state >> 24).unwrap()).collect()
    };
    vec![
        ("model", "model.enfr.intgemm.alphas.bin", bytes(1)),
        ("vocab", "vocab.enfr.spm", bytes(2)),
        ("lex", "lex.50.50.enfr.s2t.bin", bytes(3)),
    ]
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn records(mood: Mood) -> Value {
    let record = |(kind, name, bytes): &(&str, &str, Vec<u8>)| {
        let file = packed(bytes);
        let inside = if mood == Mood::ForgedInside { sum(b"another") } else { sum(bytes) };
        json!({
            "id": name, "schema": 1, "last_modified": 1, "name": name, "fileType": kind, "version": "3.0",
            "sourceLanguage": "en", "targetLanguage": "fr", "architecture": "tiny", "filter_expression": "",
            "decompressedHash": inside, "decompressedSize": bytes.len(),
            "attachment": { "hash": sum(&file), "size": file.len(), "filename": format!("{name}.zst"),
                "location": format!("main-workspace/translations-models-v2/{kind}.zst"), "mimetype": "application/zstd" },
        })
    };
    json!({ "data": files().iter().map(record).collect::<Vec<_>>() })
}

fn server() -> Server {
    let mood = Arc::new(Mutex::new(Mood::Well));
    let asked: Arc<Mutex<Vec<usize>>> = Arc::default();
    let own = Arc::new(Mutex::new(String::new()));
    let failed = AtomicUsize::new(0);
    let (moods, requests, base) = (Arc::clone(&mood), Arc::clone(&asked), Arc::clone(&own));
    let address = serve(0, move |request: &Request| {
        let mood = *moods.lock().unwrap();
        if request.path == "/v1/" {
            let url = format!("{}/files", base.lock().unwrap());
            return json(200, &json!({ "capabilities": { "attachments": { "base_url": url } } }));
        }
        if request.path.ends_with("/translations-models-v2/records") {
            return match mood {
                Mood::NoCatalogue => Some((200, "text/html".into(), b"<html>".to_vec())),
                _ => json(200, &records(mood)),
            };
        }
        let kind = request.path.rsplit('/').next()?.trim_end_matches(".zst").to_owned();
        let all = files();
        let (_, _, bytes) = all.iter().find(|(of, _, _)| **of == kind)?;
        let from = request.header("range").trim_start_matches("bytes=").trim_end_matches('-');
        let from: usize = from.parse().unwrap_or(0);
        answer(mood, &kind, from, &packed(bytes), &requests, &failed)
    });
    let url = format!("http://{address}");
    own.lock().unwrap().clone_from(&url);
    Server { url: format!("{url}/v1"), mood, asked }
}

fn answer(
    mood: Mood,
    kind: &str,
    from: usize,
    file: &[u8],
    requests: &Mutex<Vec<usize>>,
    failed: &AtomicUsize,
) -> Answer {
    let whole = |bytes: &[u8]| {
        Some((if from > 0 { 206 } else { 200 }, "application/zstd".into(), bytes.to_vec()))
    };
    if kind != "model" {
        return whole(&file[from..]);
    }
    requests.lock().unwrap().push(from);
    let before = failed.fetch_add(1, Ordering::SeqCst);
    match mood {
        Mood::Forged => whole(&vec![b'x'; file.len()]),
        Mood::Missing => json(404, &json!({})),
        Mood::Hiccup if before < 2 => json(503, &json!({})),
        // `Content-Length` says more than there comes.
        Mood::Cut if from == 0 => Some((200, CUT.into(), file[..file.len() / 2].to_vec())),
        Mood::AlwaysCut => {
            let half = file[from..from + (file.len() - from) / 2].to_vec();
            Some((if from > 0 { 206 } else { 200 }, CUT.into(), half))
        }
        _ => whole(&file[from..]),
    }
}

fn relais(server: &Server, data: &Path, args: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_relais"))
        .args(["translate", "models"])
        .args(args)
        .env("RELAIS_DATA", data)
        .env("RELAIS_TRANSLATION__CATALOGUE", &server.url)
        .current_dir(data)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

fn names(folder: &Path) -> Vec<String> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<String> = found.map(|e| e.file_name().into_string().unwrap()).collect();
    found.sort();
    found
}

#[test]
fn a_model_is_found_downloaded_checked_and_added() {
    let (server, data) = (server(), tempfile::tempdir().unwrap());
    *server.mood.lock().unwrap() = Mood::Hiccup;
    let (well, said) = relais(&server, data.path(), &["list", "--available"]);
    assert!(well && said.contains("en fr  English → français  tiny 3.0, 1 MB"), "{said}");
    let (well, said) = relais(&server, data.path(), &["add", "en", "fr"]);
    assert!(well && said.contains("English → français added"), "{said}");
    let home = data.path().join("models");
    assert_eq!(names(&home), ["en-fr"], "nothing half is left");
    for (_, name, bytes) in files() {
        assert!(fs::read(home.join("en-fr").join(name)).unwrap() == bytes, "{name}");
    }
    let (_, said) = relais(&server, data.path(), &["list"]);
    assert!(said.contains("English → français"), "{said}");
    let (well, said) = relais(&server, data.path(), &["add", "fr", "de"]);
    assert!(
        !well && said.contains("no such model from fr to de") && said.contains("fr en and en de"),
        "{said}"
    );
    let (well, said) = relais(&server, data.path(), &["add", "en", "fr", "--kind", "base"]);
    assert!(!well && said.contains("no such model"), "{said}");
    let (well, said) = relais(&server, data.path(), &["add", "en", "nowhere"]);
    assert!(!well && said.contains("nowhere"), "{said}");
}

#[test]
fn a_broken_line_is_taken_up_where_it_broke() {
    let (server, data) = (server(), tempfile::tempdir().unwrap());
    let half = data.path().join("models/.download");
    *server.mood.lock().unwrap() = Mood::Cut;
    let (well, said) = relais(&server, data.path(), &["add", "en", "fr"]);
    assert!(well, "{said}");
    let size = packed(&files()[0].2).len();
    assert_eq!(*server.asked.lock().unwrap(), [0, size / 2]);
    fs::remove_dir_all(data.path().join("models")).unwrap();
    // What has come is kept for the next day.
    *server.mood.lock().unwrap() = Mood::AlwaysCut;
    let (well, said) = relais(&server, data.path(), &["add", "en", "fr"]);
    assert!(!well && said.contains("model.zst"), "{said}");
    assert_eq!(names(&half).len(), 1, "{:?}", names(&half));
    let came = fs::metadata(half.join(&names(&half)[0])).unwrap().len();
    assert!(came > 0);
    *server.mood.lock().unwrap() = Mood::Well;
    let (well, said) = relais(&server, data.path(), &["add", "en", "fr"]);
    assert!(well, "{said}");
    assert_eq!(server.asked.lock().unwrap().last(), Some(&usize::try_from(came).unwrap()));
    assert_eq!(names(&data.path().join("models")), ["en-fr"]);
}

#[test]
fn nothing_wrong_becomes_a_model() {
    let (server, data) = (server(), tempfile::tempdir().unwrap());
    let home = data.path().join("models");
    for (mood, why) in [
        (Mood::Forged, "its checksum is not the catalogue's"),
        (Mood::ForgedInside, "its checksum is not the catalogue's"),
        (Mood::Missing, "it answers 404"),
        (Mood::NoCatalogue, "no catalogue"),
    ] {
        *server.mood.lock().unwrap() = mood;
        let (well, said) = relais(&server, data.path(), &["add", "en", "fr"]);
        assert!(!well && said.contains(why), "{mood:?}: {said}");
        assert_eq!(names(&home), Vec::<String>::new(), "{mood:?}: nothing is left");
    }
    *server.mood.lock().unwrap() = Mood::Well;
    let (well, said) = relais(&server, data.path(), &["add", "en", "fr"]);
    assert!(well, "{said}");
    drop(server);
    let gone = Server {
        url: "http://127.0.0.1:9/v1".into(),
        mood: Arc::new(Mutex::new(Mood::Well)),
        asked: Arc::default(),
    };
    let (well, said) = relais(&gone, data.path(), &["add", "en", "fr"]);
    assert!(!well && said.contains("127.0.0.1:9"), "{said}");
    assert_eq!(names(&home), ["en-fr"], "what was there stays");
}
