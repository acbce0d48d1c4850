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
