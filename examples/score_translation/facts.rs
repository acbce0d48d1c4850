//! Facts through a real engine: 2,400 generated messages, and what comes out is looked at literally.
//!
//! The generator knows how each fact it put in may stand in the other language, so the look does not trust the
//! pipeline's own check: every fact must stand there, and no digit besides.

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use relais::{
    flow::translate::{Engine, Request, Verdict, memory::InProcess, translate},
    ground::{facts::Terms, key::AccountId, language::Language},
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
    "Free cancellation up to {hours} before arrival, the reception is open {hours}.",
    "Children under {n} may stay for free, it is {hours} by car from the airport.",
    "We would like {words} rooms from {day} for {words} nights.",
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
    "Cancelamento gratuito até {hours} antes da chegada, a receção está aberta {hours}.",
    "Estamos a {hours} de Lisboa e abrimos na {day}.",
    "Temos {words} quartos livres a partir de {day}.",
];

const SPANISH: &[&str] = &[
    "La entrada es a partir de las {time} y la salida hasta las {time}.",
    "La habitación cuesta {money} por noche, con desayuno incluido.",
    "Llegamos el {date} sobre las {time} con {n} personas.",
    "La referencia de su reserva es {code} y el código de la puerta es {pin}.",
    "Por favor, transfiera {money} a {iban} antes del {date}.",
    "Puede llamarnos al {phone} o escribir a {mail}.",
    "El camino está en {url} y el aparcamiento cuesta {money} al día.",
    "La red Wi-Fi es {code} y la contraseña es {password}.",
    "El desayuno se sirve de {time} a {time} en el jardín.",
    "¿Hay una habitación para {n} adultos y {n} niños del {date} al {date}?",
    "El taxi cuesta {money} antes de las {time} y {money} después.",
    "La cena para {n} personas a las {time} cuesta {money} en total, traiga {money} en efectivo.",
    "Su habitación es la número {n} en la planta {n}, la playa está a {n} km. 🙂",
    "{name} le espera en {name2} a las {time}.",
    "Cancelación gratuita hasta {hours} antes de la llegada.",
    "Tenemos {words} habitaciones libres a partir del {day}.",
];

const MONTHS: [[&str; 12]; 3] = [
    [
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
    ],
    [
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
    ],
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
];

/// A fact as it is written, and every way it may stand in the other language.
struct Planted {
    text: String,
    accepted: Vec<String>,
    /// Day and month of a date that names no year.
    day: Option<(usize, usize)>,
}

impl Planted {
    fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        Planted { accepted: vec![text.clone()], text, day: None }
    }
}

fn index(language: Language) -> usize {
    ["en", "pt", "es"].iter().position(|code| *code == language.as_str()).unwrap_or(0)
}

fn fact(kind: &str, dice: &mut Dice, from: Language, to: Language) -> Planted {
    match kind {
        "time" => time(dice, from),
        "money" => money(dice, from),
        "date" => date(dice, from, to),
        "n" => number(dice, to),
        "hours" => Planted::literal(format!("{}h", dice.pick(&["2", "24", "48", "12"]))),
        "day" => weekday(dice, from, to),
        "words" => in_words(dice, from, to),
        "code" => Planted::literal(format!(
            "{}-{}-Q{}",
            dice.pick(&["HX", "BK", "ZT", "RES"]),
            1000 + dice.roll(9000),
            dice.roll(9)
        )),
        "pin" => Planted::literal((1000 + dice.roll(9000)).to_string()),
        "password" => Planted::literal(format!(
            "{}{}{}",
            dice.pick(&["Sol", "Praia", "mar", "Sea"]),
            10 + dice.roll(90),
            dice.pick(&["x", "Vento", "!y", "_z"])
        )),
        "iban" => Planted::literal(dice.pick(&[
            "PT50 0002 0123 1234 5678 9015 4",
            "DE89370400440532013000",
            "GB29 NWBK 6016 1331 9268 19",
        ])),
        "phone" => Planted::literal(format!(
            "+351 9{} {} {}",
            10 + dice.roll(59),
            100 + dice.roll(900),
            100 + dice.roll(900)
        )),
        "mail" => Planted::literal(format!(
            "{}{}@casa-do-mar.example",
            dice.pick(&["info", "ana.silva", "front-desk"]),
            dice.roll(50)
        )),
        "url" => Planted::literal(format!(
            "https://casa.example/{}/{}",
            dice.pick(&["b", "Map", "en/rooms"]),
            dice.pick(&["AB12", "x?id=7&y=2", "Zz_9"])
        )),
        "name" => Planted::literal("Rosa Delgado"),
        _ => Planted::literal("Casa do Mar"),
    }
}

/// Times reach the other language in 24 hours, whatever they were.
fn time(dice: &mut Dice, from: Language) -> Planted {
    let (hour, minute) = (dice.roll(23) + 1, dice.roll(12) * 5);
    // In 24 hours, as it is rewritten; or as the model says the same time in English.
    let clock = |hour: usize, minute: usize| {
        let hour = hour % 24;
        let (twelve, half) = ((hour + 11) % 12 + 1, if hour < 12 { 'a' } else { 'p' });
        let mut ways = vec![format!("{hour:02}:{minute:02}"), format!("{hour}:{minute:02}")];
        for half in [format!(" {half}.m."), format!(" {half}m"), format!("{half}m")] {
            ways.push(format!("{twelve}:{minute:02}{half}"));
            if minute == 0 {
                ways.push(format!("{twelve}{half}"));
            }
        }
        ways
    };
    if from == Language::EN {
        let (twelve, pm) = (hour % 12 + 1, dice.roll(2) == 1);
        let real = twelve % 12 + if pm { 12 } else { 0 };
        let half = if pm { "pm" } else { "am" };
        return match dice.roll(4) {
            0 => Planted { text: format!("{twelve} {half}"), accepted: clock(real, 0), day: None },
            1 => Planted {
                text: format!("{twelve}:{minute:02} {half}"),
                accepted: clock(real, minute),
                day: None,
            },
            2 => Planted {
                text: format!("{twelve}.{minute:02}{half}"),
                accepted: clock(real, minute),
                day: None,
            },
            _ => {
                // "from 11:50 to 2:35 am" is said of the evening: 24 hours are written where they can be nothing else.
                let hour = if (10..=12).contains(&hour) { hour + 10 } else { hour };
                Planted {
                    text: format!("{hour:02}:{minute:02}"),
                    accepted: clock(hour, minute),
                    day: None,
                }
            }
        };
    }
    match dice.roll(3) {
        0 => Planted { text: format!("{hour}h"), accepted: clock(hour, 0), day: None },
        1 => Planted {
            text: format!("{hour}h{minute:02}"),
            accepted: clock(hour, minute),
            day: None,
        },
        _ => Planted {
            text: format!("{hour:02}:{minute:02}"),
            accepted: clock(hour, minute),
            day: None,
        },
    }
}

fn money(dice: &mut Dice, from: Language) -> Planted {
    let amount = dice.roll(900) + 10;
    let text = match (dice.roll(4), from == Language::EN) {
        (0, true) => format!("€{amount}.50"),
        (1, true) => format!("${amount}"),
        (2, _) => format!("{amount} euros"),
        (_, true) => format!("€1,{amount:03}.00"),
        (0, false) => format!("{amount},50 €"),
        (1, false) => format!("{amount} €"),
        (_, false) => format!("1.{amount:03},00 €"),
    };
    Planted::literal(text)
}

fn date(dice: &mut Dice, from: Language, to: Language) -> Planted {
    let (day, month, year) = (dice.roll(28) + 1, dice.roll(12), 2026 + dice.roll(3));
    let (here, there) = (MONTHS[index(from)][month], MONTHS[index(to)][month]);
    let with_year = dice.roll(2) == 0;
    if dice.roll(3) == 0 {
        return Planted::literal(format!("{day:02}/{:02}/{year}", month + 1));
    }
    let text = match (from == Language::EN, with_year) {
        (true, true) => format!("{day} {here} {year}"),
        (true, false) if dice.roll(2) == 0 => format!("{here} {day}"),
        (true, false) => format!("{day} {here}"),
        (false, true) => format!("{day} de {here} de {year}"),
        (false, false) => format!("{day} de {here}"),
    };
    let suffix = match (day % 10, day / 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    let days = [
        day.to_string(),
        format!("{day:02}"),
        format!("{day}{suffix}"),
        format!("{day}º"),
        format!("{day}.º"),
    ];
    let mut accepted = Vec::new();
    for day in &days {
        accepted.push(format!("{day} {there}"));
        accepted.push(format!("{day} de {there}"));
        accepted.push(format!("{day} of {there}"));
        accepted.push(format!("{there} {day}"));
    }
    if with_year {
        let years = [" ", " de ", ", ", " of "];
        accepted = accepted
            .iter()
            .flat_map(|date| years.iter().map(move |between| format!("{date}{between}{year}")))
            .collect();
    }
    let day = (!with_year).then_some((day, month));
    Planted { text, accepted, day }
}

/// From Monday; every writing of a day is as good.
const WEEKDAYS: [[&[&str]; 5]; 3] = [
    [
        &["Monday", "Mondays"],
        &["Tuesday", "Tuesdays"],
        &["Wednesday", "Wednesdays"],
        &["Thursday", "Thursdays"],
        &["Friday", "Fridays"],
    ],
    [
        &["segunda-feira", "segunda", "segundas-feiras", "segundas"],
        &["terça-feira", "terça", "terças-feiras", "terças"],
        &["quarta-feira", "quarta", "quartas-feiras", "quartas"],
        &["quinta-feira", "quinta", "quintas-feiras", "quintas"],
        &["sexta-feira", "sexta", "sextas-feiras", "sextas"],
    ],
    [&["lunes"], &["martes"], &["miércoles"], &["jueves"], &["viernes"]],
];

fn weekday(dice: &mut Dice, from: Language, to: Language) -> Planted {
    let day = dice.roll(5);
    let accepted = WEEKDAYS[index(to)][day].iter().map(|way| (*way).to_owned()).collect();
    Planted { text: WEEKDAYS[index(from)][day][0].to_owned(), accepted, day: None }
}

/// A number said in words may come back in digits.
fn in_words(dice: &mut Dice, from: Language, to: Language) -> Planted {
    let number = dice.roll(WORDS[0].len());
    let mut accepted = vec![(number + 2).to_string()];
    accepted.extend(WORDS[index(to)][number].iter().map(|way| (*way).to_owned()));
    Planted { text: WORDS[index(from)][number][0].to_owned(), accepted, day: None }
}

const WORDS: [[&[&str]; 9]; 3] = [
    [
        &["two"],
        &["three"],
        &["four"],
        &["five"],
        &["six"],
        &["seven"],
        &["eight"],
        &["nine"],
        &["ten"],
    ],
    [
        &["dois", "duas"],
        &["três"],
        &["quatro"],
        &["cinco"],
        &["seis"],
        &["sete"],
        &["oito"],
        &["nove"],
        &["dez"],
    ],
    [
        &["dos"],
        &["tres"],
        &["cuatro"],
        &["cinco"],
        &["seis"],
        &["siete"],
        &["ocho"],
        &["nueve"],
        &["diez"],
    ],
];

/// Small numbers may be said in words.
fn number(dice: &mut Dice, to: Language) -> Planted {
    let number = dice.roll(60) + 2;
    // A floor is said with an ordinal.
    let mut accepted: Vec<String> = ["", "º", ".º", "o", "ª", "th", "st", "nd", "rd"]
        .iter()
        .map(|end| format!("{number}{end}"))
        .collect();
    if let Some(words) = WORDS[index(to)].get(number - 2) {
        accepted.extend(words.iter().map(|word| (*word).to_owned()));
    }
    Planted { text: number.to_string(), accepted, day: None }
}

fn fill(
    template: &str,
    dice: &mut Dice,
    (from, to): (Language, Language),
) -> (String, Vec<Planted>) {
    let (mut text, mut planted) = (String::new(), Vec::new());
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('{') {
        let (kind, after) = tail.split_once('}').expect("templates are closed");
        let fact = fact(kind, dice, from, to);
        text.push_str(head);
        text.push_str(&fact.text);
        planted.push(fact);
        rest = after;
    }
    // «de 20 a 21 de julho»: both ends of a range may share its month.
    for at in 1..planted.len() {
        let [one, two] = [planted[at - 1].day, planted[at].day];
        if let (Some((first, month)), Some((last, same))) = (one, two)
            && month == same
            && first < last
        {
            let joins = [" a", " al", " to", " e", "-", "–"];
            let ways = joins.iter().map(|join| format!("{first}{join}"));
            planted[at - 1].accepted.extend(ways);
        }
    }
    (text + rest, planted)
}

/// Looks for every fact, the longest first, and crosses it out; what is missing, or the digits that are left over.
fn literally(said: &str, planted: &[Planted]) -> Option<String> {
    let mut left = said.to_lowercase();
    let longest = |fact: &Planted| fact.accepted.iter().map(String::len).max().unwrap_or(0);
    let mut order: Vec<&Planted> = planted.iter().collect();
    order.sort_by_key(|fact| std::cmp::Reverse(longest(fact)));
    for fact in order {
        let mut ways: Vec<String> = fact.accepted.iter().map(|way| way.to_lowercase()).collect();
        ways.sort_by_key(|way| std::cmp::Reverse(way.len()));
        let found = ways.iter().find_map(|way| whole(&left, way).map(|at| (at, way.len())));
        let Some((at, len)) = found else { return Some(format!("lost {:?}", fact.text)) };
        left.replace_range(at..at + len, " ");
    }
    let digits = left.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
    digits.map(|digits| format!("{digits:?} is in no fact"))
}

/// Where it stands as a whole, not inside a longer word or number.
fn whole(text: &str, wanted: &str) -> Option<usize> {
    text.match_indices(wanted).map(|(at, _)| at).find(|at| {
        let (before, after) = (&text[..*at], &text[at + wanted.len()..]);
        let first = wanted.starts_with(char::is_alphanumeric);
        let last = wanted.ends_with(char::is_alphanumeric);
        !(first && before.ends_with(char::is_alphanumeric)
            || last && after.starts_with(char::is_alphanumeric))
    })
}

/// Scores the pairs this engine knows; false when a fact went out wrong.
pub(crate) async fn score(engine: &Arc<dyn Engine>) -> bool {
    let (en, pt, es) = (Language::EN, Language::PT, Language::parse("es").expect("a code"));
    let mut good = true;
    for (from, to, templates) in
        [(en, pt, ENGLISH), (pt, en, PORTUGUESE), (pt, es, PORTUGUESE), (es, pt, SPANISH)]
    {
        if engine.knows(from, to) {
            good &= pair(engine, (from, to), templates).await;
        }
    }
    good
}

async fn pair(
    engine: &Arc<dyn Engine>,
    (from, to): (Language, Language),
    templates: &[&str],
) -> bool {
    let names = vec!["Rosa Delgado".into(), "Casa do Mar".into()];
    let terms = Terms { names, glossary: Vec::new() };
    let mut dice = Dice(7);
    let (mut sent, mut repaired, mut held, mut wrong, mut none) = (0, 0, 0, 0, 0);
    let (mut sentences, mut chars, mut times) = (0, 0, Vec::new());
    for _ in 0..MESSAGES {
        let (mut parts, mut planted) = (Vec::new(), Vec::new());
        for _ in 0..=dice.roll(2) {
            let template = dice.pick(templates);
            let (text, facts) = fill(template, &mut dice, (from, to));
            parts.push(text);
            planted.extend(facts);
        }
        let text = parts.join(" ");
        (sentences, chars) = (sentences + parts.len(), chars + text.chars().count());
        let (account, patience) = (AccountId(1), Duration::from_secs(30));
        let request =
            Request { account, text: &text, from, to, terms: &terms, marks: &[], patience };
        let start = Instant::now();
        let verdict =
            translate(std::slice::from_ref(engine), &InProcess::default(), &request).await;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        match verdict {
            Verdict::Translated(done) => {
                sent += 1;
                repaired += usize::from(done.repaired > 0);
                if let Some(what) = literally(&done.text, &planted) {
                    wrong += 1;
                    println!("  WRONG {what}: {text}\n        {}", done.text);
                }
            }
            Verdict::Held(draft) => {
                held += 1;
                if env::var_os("SHOW").is_some() {
                    println!("  held: {}: {text}\n        {}", draft.why, draft.draft);
                }
            }
            Verdict::Later(answer, _) | Verdict::Never(answer) => {
                none += 1;
                println!("  no translation: {}", answer.text);
            }
        }
    }
    let total: f64 = times.iter().sum();
    times.sort_by(f64::total_cmp);
    println!(
        "  {from}-{to}: {MESSAGES} messages, {sentences} sentences with facts: {sent} sent ({repaired} repaired), {held} held \
         ({:.1} %), {none} not translated, {wrong} WRONG; {:.1} ms a sentence, p95 {:.1} ms a message, {:.0} characters a second",
        100.0 * f64::from(held) / MESSAGES as f64,
        total / sentences as f64,
        times[times.len() * 95 / 100],
        chars as f64 * 1000.0 / total
    );
    wrong == 0 && none == 0
}
