//! The HTTP contracts against a server that follows the script, misbehaviour included; Apertium for real where
//! it is installed.

use std::{path::PathBuf, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{apertium, deepl, libretranslate};
use crate::{
    flow::translate::{Engine, Fail, Job, Limits},
    ground::language::Language,
};

fn job(texts: &[&str]) -> Job {
    let texts = texts.iter().map(|text| (*text).to_owned()).collect();
    Job { from: Language::EN, to: Language::PT, texts, patience: Duration::from_millis(500) }
}

/// A server that gives every request the same bytes and keeps what it was asked; nothing at all for an empty answer.
async fn serve(answer: &'static str) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, requests) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 65_536];
            let mut len = 0;
            while !is_whole(&request[..len]) {
                match stream.read(&mut request[len..]).await {
                    Ok(0) | Err(_) => break,
                    Ok(more) => len += more,
                }
            }
            let _ = asked.send(String::from_utf8_lossy(&request[..len]).into_owned());
            if answer.is_empty() {
                silent.push(stream);
                continue;
            }
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (url, requests)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn deepl_at(url: String) -> deepl::DeepL {
    let settings = deepl::Settings {
        url,
        key: "secret:fx".into(),
        formality: "more".into(),
        glossary: None,
        regions: vec!["pt-BR".into()],
    };
    deepl::DeepL::new(settings).unwrap()
}

#[tokio::test]
async fn deepl_is_asked_as_its_contract_says() {
    let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"translations\":[{\"detected_source_language\":\"EN\",\"text\":\"Olá\",\"billed_characters\":5}]}";
    let (url, mut requests) = serve(answer).await;
    let done = deepl_at(url).translate(job(&["Hello"])).await.unwrap();
    assert_eq!((done.texts, done.billed_chars), (vec!["Olá".to_owned()], Some(5)));
    let request = requests.recv().await.unwrap();
    assert!(request.starts_with("POST /v2/translate HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: DeepL-Auth-Key secret:fx"), "{request}");
    let body: serde_json::Value =
        serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body["target_lang"], "PT-BR");
    assert_eq!(body["source_lang"], "EN");
    assert_eq!(body["formality"], "prefer_more");
}

fn libretranslate_at(url: String) -> libretranslate::LibreTranslate {
    let limits = Limits { texts: 20, chars: 5000 };
    libretranslate::LibreTranslate::new(libretranslate::Settings { url, key: None, limits })
        .unwrap()
}

/// What each engine says when its server gives every request this answer.
async fn both(answer: &'static str) -> [Fail; 2] {
    let (one, _asked) = serve(answer).await;
    let (other, _asked) = serve(answer).await;
    let deepl = deepl_at(one).translate(job(&["Hello"])).await;
    let libretranslate = libretranslate_at(other).translate(job(&["Hello"])).await;
    [deepl.unwrap_err(), libretranslate.unwrap_err()]
}

#[tokio::test]
async fn every_misbehaviour_of_an_http_engine_has_its_name() {
    let wait = |seconds| Fail::Busy { retry_after: Some(Duration::from_secs(seconds)) };
    let refused = |status: &str, words: &str| Fail::Refused(format!("{status} {words}"));
    let rows: Vec<(&str, Fail)> = vec![
        ("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n", Fail::Auth),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Fail::Auth),
        ("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", Fail::TooLarge),
        ("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", wait(7)),
        (
            "HTTP/1.1 429 Slow\r\nRetry-After: 18446744073709551615\r\nContent-Length: 0\r\n\r\n",
            wait(86_400),
        ),
        ("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", Fail::Busy { retry_after: None }),
        ("HTTP/1.1 503 Later\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", wait(3)),
        ("HTTP/1.1 529 Slow\r\nContent-Length: 0\r\n\r\n", Fail::Busy { retry_after: None }),
        ("HTTP/1.1 456 Quota\r\nContent-Length: 0\r\n\r\n", Fail::Quota),
        ("HTTP/1.1 404 Gone\r\nContent-Length: 6\r\n\r\n<html>", refused("404 Not Found", "")),
        (
            "HTTP/1.1 400 Bad\r\nContent-Length: 29\r\n\r\n{\"message\":\"no\",\"error\":\"no\"}",
            refused("400 Bad Request", "no"),
        ),
        (
            "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
            Fail::Down("500 Internal Server Error ".into()),
        ),
        ("HTTP/1.1 502 Oops\r\nContent-Length: 0\r\n\r\n", Fail::Down("502 Bad Gateway ".into())),
        ("", Fail::Timeout),
    ];
    for (answer, expected) in rows {
        assert_eq!(both(answer).await, [expected.clone(), expected], "{answer}");
    }
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        "HTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n{\"translations\":[],\"translatedText\":[]}",
    ] {
        for fail in both(answer).await {
            assert!(matches!(fail, Fail::BadAnswer(_)), "{answer}: {fail:?}");
        }
    }
    for answer in ["garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"] {
        for fail in both(answer).await {
            assert!(fail.passes(), "{answer}: {fail:?}");
        }
    }
}

#[tokio::test]
async fn an_engine_in_trouble_is_left_alone() {
    for (answer, asked) in [
        ("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 3),
        ("HTTP/1.1 429 Slow\r\nRetry-After: 200\r\nContent-Length: 0\r\n\r\n", 1),
        ("HTTP/1.1 456 Quota\r\nContent-Length: 0\r\n\r\n", 1),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 1),
        // The request was at fault: the next one is another.
        ("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", 5),
    ] {
        let (url, mut requests) = serve(answer).await;
        let engine = deepl_at(url);
        for _ in 0..5 {
            engine.translate(job(&["Hello"])).await.unwrap_err();
        }
        let mut seen = 0;
        while requests.try_recv().is_ok() {
            seen += 1;
        }
        assert_eq!(seen, asked, "{answer}");
    }
}

#[tokio::test]
async fn libretranslate_tells_by_its_words() {
    let rows: Vec<(&str, Fail)> = vec![
        ("{\"error\":\"xx is not supported\"}", Fail::Unsupported(Language::EN, Language::PT)),
        ("{\"error\":\"Invalid request: request (21) exceeds text limit (20)\"}", Fail::TooLarge),
        ("{\"error\":\"Please contact the server operator to get an API key\"}", Fail::Auth),
    ];
    for (body, expected) in rows {
        let answer = format!("HTTP/1.1 400 Bad\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let (url, _requests) = serve(answer.leak()).await;
        let engine = libretranslate_at(url);
        assert_eq!(engine.translate(job(&["Hello"])).await, Err(expected), "{body}");
    }
}

/// The real server, where `LIBRETRANSLATE_URL` names one (`/work/shared/tools/libretranslate_fx.py`).
#[tokio::test]
async fn the_real_libretranslate_answers() {
    let Ok(url) = std::env::var("LIBRETRANSLATE_URL") else {
        eprintln!("skipped: LIBRETRANSLATE_URL names no server");
        return;
    };
    let engine = libretranslate_at(url);
    engine.health().await.unwrap();
    assert!(engine.knows(Language::EN, Language::PT));
    assert!(!engine.knows(Language::EN, Language::parse("fi").unwrap()));
    let mut job = job(&["The room costs XQ1 a night.", "Breakfast is included."]);
    job.patience = Duration::from_secs(20);
    let done = engine.translate(job.clone()).await.unwrap();
    assert!(done.texts.len() == 2 && done.texts[0].contains("XQ1"), "{done:?}");
    job.to = Language::parse("fi").unwrap();
    assert_eq!(engine.translate(job.clone()).await, Err(Fail::Unsupported(job.from, job.to)));
}

#[tokio::test]
async fn apertiums_pipe_answers_again_and_again() {
    let modes = PathBuf::from("/usr/share/apertium/modes");
    if !modes.join("es-pt.mode").is_file() {
        eprintln!("skipped: apertium-es-pt is not installed");
        return;
    }
    let engine = apertium::Apertium::new(apertium::Settings { modes, gisting: false });
    let es = Language::parse("es").unwrap();
    let ask = |texts: &[&str]| Job { from: es, patience: Duration::from_secs(20), ..job(texts) };
    for _ in 0..3 {
        let done = engine
            .translate(ask(&["El desayuno cuesta XQ1 por persona.", "¿A qué hora [llegan]?"]))
            .await
            .unwrap();
        assert!(done.texts[0].contains("XQ1") && done.texts[0].ends_with("pessoa."), "{done:?}");
        assert!(done.texts[1].contains('[') && done.texts[1].contains("hora"), "{done:?}");
    }
    let long = "La casa está abierta todo el día. ".repeat(400);
    let done = engine.translate(ask(&[&long])).await.unwrap();
    assert!(done.texts[0].len() > 8_000);
    assert!(!engine.knows(Language::EN, es), "English is gisting");
    assert_eq!(
        engine.translate(Job { to: es, ..job(&["Hello"]) }).await,
        Err(Fail::Unsupported(Language::EN, es))
    );
}
