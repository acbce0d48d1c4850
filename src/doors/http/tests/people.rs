//! What people read where programs read JSON, in their language.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_adds_is_said_in_the_language_of_the_house() {
    let stage = Stage::set().await;
    let account = AccountId::of(&[b"one"]);
    let mut house = stage.gateway.store.read(|r| r.account(account)).unwrap().unwrap();
    house.language = "pt".into();
    stage.gateway.put_account(&house).unwrap();
    let fields = serde_json::json!({"email": "v@guest.example", "message": "A room?", "phone": "+44 1", "guests": "2",
        "language": "en", "arrival": "2027-06-14", "departure": "2027-06-18"});
    let (id, _) = stage.request(&fields).await;
    let cookie = stage.sign_in("one").await;
    let get = async |path: &str| stage.ask("GET", path, &[("Cookie", &cookie)], "").await.body;
    let page = get(&format!("/inbox/{id}")).await;
    for said in [
        "Chegada: 14 de jun. de 2027",
        "Partida: 18 de jun. de 2027",
        "Telefone: +44 1",
        "Pessoas: 2",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let list = get("/inbox").await;
    assert!(
        list.contains("A room?") && !list.contains("arrival") && !page.contains("arrival: "),
        "{list}"
    );
    // A program's reasons stay with programs; a text nobody translates is told in words, and kept.
    let here = stage.here();
    let headers =
        [("Cookie", cookie.as_str()), ("Origin", &here), ("Content-Type", "application/json")];
    let (path, long) = (format!("/inbox/{id}/reply"), "a ".repeat(10_001));
    let body = serde_json::json!({"text": long, "translate": "yes", "translation": long});
    let answer = stage.ask("POST", &path, &headers, &body.to_string()).await;
    assert_eq!(answer.status, 422);
    let said = "o texto tem mais de 20000 caracteres.";
    assert!(answer.body.contains(said) && answer.body.contains("a a a a"), "{}", answer.head);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_reads_a_page_and_a_program_its_problem() {
    let stage = Stage::set().await;
    let german = [("Accept", "text/html,*/*;q=0.8"), ("Accept-Language", "de")];
    for (path, status, said) in [
        ("/nothing/at/all", 404, "Unter dieser Adresse ist nichts."),
        ("/f/nothing", 404, "Unter dieser Adresse ist nichts."),
        ("/inbox/delete", 405, "Gehen Sie zurück"),
    ] {
        let page = stage.ask("GET", path, &german, "").await;
        assert!(page.status == status && page.body.contains(said), "{path}: {}", page.body);
        assert!(page.head.contains("content-type: text/html"), "{}", page.head);
        let problem = stage.ask("GET", path, &[], "").await;
        assert!(problem.head.contains("application/problem+json"), "{}", problem.head);
    }
    let api = stage.ask("GET", "/api/v1/conversations", &german, "").await;
    assert!(api.status == 401 && api.head.contains("application/problem+json"), "{}", api.head);
}

/// Whoever waits on a slow line reads that it was too slow, and no empty window.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_stops_coming_is_answered_in_words() {
    let stage = Stage::set_with(HURRIED).await;
    let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
    let head = "POST /f/one HTTP/1.0\r\nHost: x\r\nAccept: text/html\r\nAccept-Language: de\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nname=a";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.0 503"), "{answer}");
    assert!(
        answer.contains("<html lang=\"de\">") && answer.contains("in einer Minute"),
        "{answer}"
    );
    assert!(answer.contains("retry-after: 60"), "{answer}");
}

/// What a problem says besides its words is said on its page too.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_inbox_keeps_what_its_problem_says_to_browsers() {
    let stage = Stage::set().await;
    let here = stage.here();
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let headers = [("Accept", "text/html"), ("Origin", here.as_str()), form];
    let ask = async || stage.ask("POST", "/inbox/sign-in", &headers, "email=a@b.example").await;
    let mut last = ask().await;
    for _ in 0..30 {
        if last.status != 200 {
            break;
        }
        last = ask().await;
    }
    assert_eq!(last.status, 429, "{}", last.body);
    assert!(last.head.contains("retry-after: 60"), "{}", last.head);
    assert!(last.head.contains("content-type: text/html"), "{}", last.head);
}

/// Who does not get in comes over nowhere: the log of their own house says what they tried.
#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_on_another_house_is_no_coming_over() {
    let stage = Stage::set().await;
    let (cookie, here) = (stage.sign_in("one").await, stage.here());
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let headers = [("Cookie", cookie.as_str()), ("Origin", here.as_str()), kind];
    let to = format!("member={}", MemberId::of(&[b"two"]));
    assert_eq!(stage.ask("POST", "/inbox/house", &headers, &to).await.status, 404);
    let log = stage.ask("GET", "/inbox/settings/audit", &headers, "").await.body;
    assert!(!log.contains("came over"), "{log}");
    assert!(log.contains("tried to go over to another house"), "{log}");
    let two = AccountId::of(&[b"two"]);
    assert!(stage.gateway.store.read(|r| r.actions(two, None, 100)).unwrap().is_empty());
}

/// In another tab some of the ticked conversations went: the button does what it says for the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_button_for_many_does_not_stop_at_one_that_is_gone() {
    let stage = Stage::set().await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let fields =
            serde_json::json!({"email": format!("{name}@guest.example"), "message": "A room?"});
        ids.push(stage.request(&fields).await.0);
    }
    let (cookie, here) = (stage.sign_in("one").await, stage.here());
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let headers = [("Cookie", cookie.as_str()), ("Origin", here.as_str()), kind];
    let ticked =
        |ids: &[String]| ids.iter().map(|id| format!("id={id}&")).collect::<String>() + "back=";
    let post =
        async |path: &str, body: String| stage.ask("POST", path, &headers, &body).await.status;
    assert_eq!(post("/inbox/delete", ticked(&ids[..1]) + "&confirm=1").await, 303);
    for (action, list) in [("done", "needs_reply"), ("read", "unread")] {
        assert_eq!(post("/inbox/bulk", ticked(&ids) + "&action=" + action).await, 303, "{action}");
        let left = stage.ask("GET", &format!("/inbox?filter={list}"), &headers, "").await.body;
        for id in &ids[1..] {
            assert!(!left.contains(&format!("id=\"c{id}\"")), "{action}: {id} in {left}");
        }
    }
    assert_eq!(
        post("/inbox/delete", ticked(&ids) + "&confirm=1").await,
        303,
        "one was deleted before"
    );
    let open = stage.ask("GET", "/inbox?filter=all", &headers, "").await.body;
    assert!(ids.iter().all(|id| !open.contains(&format!("id=\"c{id}\""))), "{open}");
    // Whoever is asked reads that it can be undone, in the dialogue and without scripts.
    for page in ["/inbox".to_owned(), format!("/inbox/{}/delete", ids[0])] {
        let page = stage.ask("GET", &page, &headers, "").await.body;
        assert!(page.contains("What is deleted can be restored for 30 days."), "{page}");
    }
    // Nor at one that is gone for good, wherever it stands.
    assert_eq!(post("/inbox/restore", ticked(&ids)).await, 303);
    let mut some = ids.clone();
    some.insert(0, AccountId(1).to_string());
    assert_eq!(post("/inbox/bulk", ticked(&some) + "&action=close").await, 303);
    let closed = stage.ask("GET", "/inbox?filter=closed", &headers, "").await.body;
    assert!(ids.iter().all(|id| closed.contains(&format!("id=\"c{id}\""))), "{closed}");
    // Where nothing is left to be done, that is said.
    let nowhere = [AccountId(1).to_string()];
    assert_eq!(post("/inbox/bulk", ticked(&nowhere) + "&action=done").await, 404);
}
