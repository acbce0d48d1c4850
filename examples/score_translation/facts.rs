//! Facts through the embedded engine: 2,400 generated messages, English to Portuguese and back.
//!
//! `cargo run --release --example score_facts MODELS`, where MODELS is filled by `tests/support/models.sh`.
//! Exits with 1 when a message that would go out has lost, changed or gained a fact.

use std::{
    env, fs,
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use relais::{
    flow::translate::{
        Engine, Job, Request, Verdict,
        embedded::{Embedded, Settings},
        memory::InProcess,
        translate,
    },
    ground::{
        facts::{Terms, verify},
        key::AccountId,
        language::Language,
    },
};

const MESSAGES: usize = 1200;

/// A generator of its own, so that every run asks the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const ENGLISH: &[&str] = &[
    "Check-in is from {time} and check-out is until {time}.",
    "The room costs {money} per night, breakfast included.",
    "We arrive on {date} at about {time} with {n} people.",
    "Your booking reference is {code} and the door code is {pin}.",
    "Please transfer {money} to {iban} before {date}.",
    "You can call us at {phone} or write to {mail}.",
    "The directions are at {url} and the parking costs {money} a day.",
    "The Wi-Fi network is {code} and the password is {password}.",
    "Breakfast is served from {time} to {time} in the garden.",
    "Is there a room for {n} adults and {n} children from {date} to {date}?",
    "The taxi costs {money} before {time} and {money} afterwards.",
    "Dinner for {n} people at {time} is {money} in total, please bring {money} in cash.",
    "The city tax is {money} per person and night, up to {n} nights.",
    "Your room is number {n} on floor {n}, the beach is {n} km away. 🙂",
    "{name} will meet you at {name2} at {time}.",
    "If you cancel before {date}, we refund {money}; after that we keep {n}%.",
];

const PORTUGUESE: &[&str] = &[
    "O check-in é a partir das {time} e o check-out é até às {time}.",
    "O quarto custa {money} por noite, com pequeno-almoço incluído.",
    "Chegamos no dia {date} por volta das {time} com {n} pessoas.",
    "A referência da sua reserva é {code} e o código da porta é {pin}.",
    "Por favor transfira {money} para {iban} antes de {date}.",
    "Pode ligar-nos para {phone} ou escrever para {mail}.",
    "O caminho está em {url} e o estacionamento custa {money} por dia.",
    "A rede Wi-Fi é {code} e a palavra-passe é {password}.",
    "O pequeno-almoço é servido das {time} às {time} no jardim.",
    "Há um quarto para {n} adultos e {n} crianças de {date} a {date}?",
    "O táxi custa {money} antes das {time} e {money} depois.",
    "O jantar para {n} pessoas às {time} custa {money} no total, traga {money} em dinheiro.",
    "A taxa turística é de {money} por pessoa e noite, até {n} noites.",
    "O seu quarto é o número {n} no piso {n}, a praia fica a {n} km. 🙂",
    "{name} espera por si em {name2} às {time}.",
    "Se cancelar antes de {date}, devolvemos {money}; depois disso ficamos com {n}%.",
];

fn fact(kind: &str, dice: &mut Dice, english: bool) -> String {
    let (hour, minute) = (dice.roll(23) + 1, dice.roll(12) * 5);
    let (day, month, year) = (dice.roll(28) + 1, dice.roll(12), 2026 + dice.roll(3));
    let amount = dice.roll(900) + 10;
    let months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let meses = [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ];
    match (kind, english) {
        ("time", true) => match dice.roll(4) {
            0 => format!("{} {}", hour % 12 + 1, dice.pick(&["am", "pm"])),
            1 => format!(
                "{}:{minute:02} {}",
                hour % 12 + 1,
                dice.pick(&["am", "pm", "a.m.", "p.m."])
            ),
            2 => format!("{}.{minute:02}pm", hour % 12 + 1),
            _ => format!("{hour:02}:{minute:02}"),
        },
        ("time", false) => match dice.roll(3) {
            0 => format!("{hour}h"),
            1 => format!("{hour}h{minute:02}"),
            _ => format!("{hour:02}:{minute:02}"),
        },
        ("money", true) => match dice.roll(4) {
            0 => format!("€{amount}.50"),
            1 => format!("${amount}"),
            2 => format!("{amount} euros"),
            _ => format!("€1,{amount:03}.00"),
        },
        ("money", false) => match dice.roll(4) {
            0 => format!("{amount},50 €"),
            1 => format!("R$ {amount}"),
            2 => format!("{amount} euros"),
            _ => format!("1.{amount:03},00 €"),
        },
        ("date", true) => match dice.roll(4) {
            0 => format!("{day} {} {year}", months[month]),
            1 => format!("{} {day}", months[month]),
            2 => format!("{day:02}/{:02}/{year}", month + 1),
            _ => format!("{day} {}", months[month]),
        },
        ("date", false) => match dice.roll(3) {
            0 => format!("{day} de {} de {year}", meses[month]),
            1 => format!("{day:02}/{:02}/{year}", month + 1),
            _ => format!("{day} de {}", meses[month]),
        },
        ("n", _) => (dice.roll(60) + 2).to_string(),
        ("code", _) => format!(
            "{}-{}-Q{}",
            dice.pick(&["HX", "BK", "ZT", "RES"]),
            1000 + dice.roll(9000),
            dice.roll(9)
        ),
        ("pin", _) => (1000 + dice.roll(9000)).to_string(),
        ("password", _) => format!(
            "{}{}{}",
            dice.pick(&["Sol", "Praia", "mar", "Sea"]),
            10 + dice.roll(90),
            dice.pick(&["x", "Vento", "!y", "_z"])
        ),
        ("iban", _) => dice
            .pick(&[
                "PT50 0002 0123 1234 5678 9015 4",
                "DE89370400440532013000",
                "GB29 NWBK 6016 1331 9268 19",
            ])
            .to_owned(),
        ("phone", _) => format!(
            "+351 9{} {} {}",
            10 + dice.roll(59),
            100 + dice.roll(900),
            100 + dice.roll(900)
        ),
        ("mail", _) => format!(
            "{}{}@casa-do-mar.example",
            dice.pick(&["info", "ana.silva", "front-desk"]),
            dice.roll(50)
        ),
        ("url", _) => format!(
            "https://casa.example/{}/{}",
            dice.pick(&["b", "Map", "en/rooms"]),
            dice.pick(&["AB12", "x?id=7&y=2", "Zz_9"])
        ),
        ("name", _) => "Rosa Delgado".into(),
        _ => "Casa do Mar".into(),
    }
}

fn fill(template: &str, dice: &mut Dice, english: bool) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('{') {
        let (kind, after) = tail.split_once('}').expect("templates are closed");
        text.push_str(head);
        text.push_str(&fact(kind, dice, english));
        rest = after;
    }
    text + rest
}

fn memory_kib(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or("");
    line.split_whitespace().nth(1).unwrap_or("?").to_owned()
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: score_facts MODELS");
        return ExitCode::from(2);
    };
    let settings = Settings { folder, at_once: 2, idle: Duration::from_secs(60) };
    let engine: Arc<dyn Engine> = Arc::new(Embedded::new(settings));
    let terms =
        Terms { names: vec!["Rosa Delgado".into(), "Casa do Mar".into()], glossary: Vec::new() };
    println!("memory before: {} KiB", memory_kib("VmRSS:"));
    let mut bad = 0;
    for (from, to, templates) in
        [(Language::EN, Language::PT, ENGLISH), (Language::PT, Language::EN, PORTUGUESE)]
    {
        let start = Instant::now();
        let job = Job { from, to, texts: vec!["A.".into()], patience: Duration::from_secs(30) };
        if let Err(fail) = engine.translate(job).await {
            eprintln!("{from}-{to}: {fail}");
            return ExitCode::from(3);
        }
        println!(
            "{from}-{to}: loaded in {} ms, memory {} KiB",
            start.elapsed().as_millis(),
            memory_kib("VmRSS:")
        );
        bad += score(&engine, from, to, templates, &terms).await;
    }
    println!("memory at the end: {} KiB", memory_kib("VmRSS:"));
    if bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Translates the generated messages; the number of those that would go out with a wrong fact.
async fn score(
    engine: &Arc<dyn Engine>,
    from: Language,
    to: Language,
    templates: &[&str],
    terms: &Terms,
) -> usize {
    let mut dice = Dice(7);
    let (mut sent, mut repaired, mut held, mut wrong, mut sentences) = (0, 0, 0, 0, 0);
    let (mut chars, mut times) = (0, Vec::new());
    for _ in 0..MESSAGES {
        let count = 1 + dice.roll(2);
        let parts: Vec<String> = (0..count)
            .map(|_| {
                let template = dice.pick(templates);
                fill(template, &mut dice, from == Language::EN)
            })
            .collect();
        sentences += count;
        let text = parts.join(" ");
        let request = Request {
            account: AccountId(1),
            text: &text,
            from,
            to,
            terms,
            patience: Duration::from_secs(30),
        };
        let start = Instant::now();
        let verdict =
            translate(std::slice::from_ref(engine), &InProcess::default(), &request).await;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        chars += text.chars().count();
        match verdict {
            Verdict::Translated(done) => {
                sent += 1;
                repaired += usize::from(done.repaired > 0);
                if env::var_os("SHOW").is_some() {
                    println!(
                        "  {} {text}\n    {}",
                        if done.repaired > 0 { "REPAIRED" } else { "SENT" },
                        done.text
                    );
                }
                if !verify(&text, &done.text, terms).is_empty() {
                    wrong += 1;
                    println!("  WRONG {text}\n        {}", done.text);
                }
            }
            Verdict::Held(held_back) => {
                held += 1;
                println!("  held: {}: {text}\n        {}", held_back.why, held_back.draft);
            }
            other => println!("  no translation: {other:?}"),
        }
    }
    let total: f64 = times.iter().sum();
    times.sort_by(f64::total_cmp);
    println!(
        "{from}-{to}: {MESSAGES} messages, {sentences} sentences: {sent} sent ({repaired} of them repaired), {held} held, {wrong} WRONG; \
         {:.1} ms a sentence, p95 {:.1} ms a message, {:.0} characters a second",
        total / sentences as f64,
        times[times.len() * 95 / 100],
        chars as f64 * 1000.0 / total
    );
    wrong
}
