//! Answers written into a quotation in a colour, as Outlook's users do: "see my answers in red below".
//!
//! The colour alone proves nothing (houses print their offers in red, too), so the new text above has to announce it.

use super::line::Line;

/// A colour people mark their answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hue {
    /// Red.
    Red,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// The dark blue in which Outlook writes every reply: an answer's only if it is named.
    Ink,
}

/// The words that announce each; folded.
#[rustfmt::skip]
const NAMED: &[(Hue, &[&str])] = &[
    (Hue::Red, &[
        "in red", "in rot", "rot markiert", "en rouge", "en rojo", "in rosso", "em vermelho", "a vermelho", "en vermell", "in het rood", "in rood", "na czerwono", "červeně", "med rødt", "i rødt", "rød skrift", "i rött", "med rött", "röd text", "punaisella",
        "pirossal", "cu roșu", "kırmızı", "με κόκκινο", "красным", "червоним", "赤字", "赤い", "红色", "紅色", "红字", "紅字", "빨간", "빨강", "باللون الأحمر", "بالأحمر", "באדום", "crvenim", "crveno", "z rdečo", "s červen",
    ]),
    (Hue::Green, &[
        "in green", "in grün", "grün markiert", "en vert", "en verde", "in verde", "em verde", "a verde", "en verd", "in het groen", "in groen", "na zielono", "zeleně", "med grønt", "i grønt", "i grönt", "med grönt", "vihreällä", "zölddel", "cu verde", "yeşil",
        "με πράσινο", "зеленым", "зелёным", "зеленим", "緑", "绿色", "綠色", "초록", "بالأخضر", "בירוק", "zelenim",
    ]),
    (Hue::Blue, &[
        "in blue", "in blau", "blau markiert", "en bleu", "en azul", "in blu", "in azzurro", "em azul", "a azul", "en blau", "in het blauw", "in blauw", "na niebiesko", "modře", "med blåt", "i blåt", "med blått", "i blått", "sinisellä", "kékkel", "cu albastru",
        "mavi", "με μπλε", "синим", "синім", "青字", "青い", "蓝色", "藍色", "파란", "بالأزرق", "בכחול", "plavim",
    ]),
];

/// Words that announce answers inside the quotation without a colour's name; folded.
#[rustfmt::skip]
const WITHIN: &[&str] = &[
    "see below", "see my", "siehe unten", "s. unten", "voir ci-dessous", "voir plus bas", "ver abajo", "ver más abajo", "vedi sotto", "ver abaixo", "zie onder", "zie hieronder", "patrz poniżej", "viz níže", "se nedenfor", "se nedan", "ks. alla", "смотрите ниже", "см. ниже",
    "in colour", "in color", "answers below", "answer below", "answers are below", "replies below", "comments below", "responses below", "answers inline", "replies inline", "comments inline", "see inline", "in-line", "inline below", "in your text", "within your mail", "between the lines", "in your email below", "in your mail below",
    "farbig", "im text unten", "direkt im text", "in ihrer mail", "in deiner mail", "in ihrem text", "antworten unten", "zwischen den zeilen", "réponses ci-dessous", "dans le texte", "dans votre mail", "dans votre texte", "en couleur", "respuestas abajo", "respuestas más abajo", "en su texto", "en el texto", "en su correo",
    "risposte sotto", "risposte di seguito", "nel testo", "nella sua mail", "respostas abaixo", "no texto", "no seu email", "antwoorden hieronder", "in de tekst", "in uw mail", "odpowiedzi poniżej", "w tekście", "odpovědi níže", "v textu", "svar nedenfor", "i teksten", "svar nedan", "i texten", "ответы ниже", "в тексте",
];

/// The hue of a colour of CSS or HTML; `None` for black, grey, and what is pale.
pub(super) fn hue(value: &str) -> Option<Hue> {
    let value = value.to_ascii_lowercase();
    match value.as_str() {
        "#1f497d" | "#1f4e79" | "#44546a" => return Some(Hue::Ink),
        "red" | "crimson" | "firebrick" | "darkred" => return Some(Hue::Red),
        "green" | "forestgreen" | "darkgreen" | "limegreen" | "seagreen" => {
            return Some(Hue::Green);
        }
        "blue" | "navy" | "mediumblue" | "darkblue" | "royalblue" => return Some(Hue::Blue),
        _ => {}
    }
    let [red, green, blue] = parts(&value)?;
    // Far from grey, and one part far before the others.
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    if most < 90 || u16::from(most) < 2 * u16::from(least) || most - least < 70 {
        return None;
    }
    let middle =
        u16::from(red) + u16::from(green) + u16::from(blue) - u16::from(most) - u16::from(least);
    if 4 * middle > 3 * u16::from(most) {
        return None;
    }
    Some(match most {
        m if m == red => Hue::Red,
        m if m == green => Hue::Green,
        _ => Hue::Blue,
    })
}

/// `#f00`, `#ff0000`, `rgb(255, 0, 0)`.
fn parts(value: &str) -> Option<[u8; 3]> {
    if let Some(hex) = value.strip_prefix('#').filter(|h| h.is_ascii()) {
        let at = |i: usize, n: usize| u8::from_str_radix(hex.get(i..i + n)?, 16).ok();
        return match hex.len() {
            3 => Some([at(0, 1)? * 17, at(1, 1)? * 17, at(2, 1)? * 17]),
            6 => Some([at(0, 2)?, at(2, 2)?, at(4, 2)?]),
            _ => None,
        };
    }
    let inner = value.strip_prefix("rgb(").or_else(|| value.strip_prefix("rgba("))?;
    let mut numbers = inner.trim_end_matches(')').split([',', ' ', '/']).filter(|n| !n.is_empty());
    let mut next = || numbers.next()?.parse().ok();
    Some([next()?, next()?, next()?])
}

/// The last answer in colour among the quoted lines, when the text above announces answers in it. Without a colour's name
/// the answers are in the one that few of the lines have.
pub(super) fn last_answer(above: &[&str], lines: &[Line<'_>], quoted: &[usize]) -> Option<usize> {
    let says = |words: &[&str]| above.iter().any(|line| words.iter().any(|w| line.contains(w)));
    let is = |of: Option<Hue>, hue: Hue| {
        of == Some(hue) || hue == Hue::Blue && of == Some(Hue::Ink) && says(NAMED[2].1)
    };
    let named = NAMED
        .iter()
        .find(|(hue, words)| says(words) && quoted.iter().any(|at| is(lines[*at].hue, *hue)));
    let hue = match named {
        Some((hue, _)) => *hue,
        None if says(WITHIN) => {
            let many = |hue: Hue| quoted.iter().filter(|at| lines[**at].hue == Some(hue)).count();
            let few = |hue: &Hue| (1..=quoted.len() / 2).contains(&many(*hue));
            [Hue::Red, Hue::Blue, Hue::Green].into_iter().find(few)?
        }
        None => return None,
    };
    quoted.iter().copied().rev().find(|at| is(lines[*at].hue, hue))
}

#[cfg(test)]
mod tests {
    use super::{Hue, hue};
    use crate::ground::reply_text::split_html;

    #[test]
    fn colours_have_hues() {
        for (value, expected) in [
            ("red", Some(Hue::Red)),
            ("#C00000", Some(Hue::Red)),
            ("#f00", Some(Hue::Red)),
            ("rgb(255, 0, 0)", Some(Hue::Red)),
            ("#0070C0", Some(Hue::Blue)),
            ("#1F497D", Some(Hue::Ink)),
            ("rgb(0,0,255)", Some(Hue::Blue)),
            ("#00B050", Some(Hue::Green)),
            ("black", None),
            ("#333333", None),
            ("windowtext", None),
            ("#26282a", None),
            ("#ffeeee", None),
            ("#é", None),
        ] {
            assert_eq!(hue(value), expected, "{value}");
        }
    }

    /// A quotation below Outlook's headers, its lines in the given styles.
    fn answer(above: &str, quoted: &[(&str, &str)]) -> String {
        let lines: String = quoted
            .iter()
            .map(|(style, line)| {
                format!("<p class=MsoNormal><span style='{style}'>{line}</span></p>")
            })
            .collect();
        let html = format!(
            "<div class=WordSection1><p class=MsoNormal>{above}</p>\
             <div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>\
             <p class=MsoNormal><b>From:</b> Hotel &lt;h@hotel.example&gt;<br><b>Sent:</b> 24 November 2026 10:12<br>\
             <b>To:</b> Ana<br><b>Subject:</b> Your stay</p></div>{lines}</div>"
        );
        split_html(&html).text
    }

    #[test]
    fn answers_in_an_announced_colour_are_new() {
        let red = [("", "When?"), ("color:red", "Friday at 6."), ("", "Kind regards")];
        let text = "My answers are in red.\n\nWhen?\nFriday at 6.";
        let words = |s: &str| s.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&answer("My answers are in red.", &red)), words(text));
        let blue =
            [("color:#1F497D", "Wann?"), ("color:#FF0000", "Freitag."), ("color:#1F497D", "Gruß")];
        let german = answer("Antworten siehe direkt im Text.", &blue);
        assert!(german.ends_with("Freitag."), "{german}");
    }

    #[test]
    fn older_mails_in_the_quotation_are_not_answered_to() {
        let older = [
            ("", "When?"),
            (
                "",
                "<b>From:</b> Bob &lt;b@x.example&gt;<br><b>Sent:</b> 23 November 2026 09:00<br><b>To:</b> Hotel",
            ),
            ("color:red", "Sale!"),
        ];
        assert_eq!(answer("See below.", &older), "See below.");
        let ink = [("", "When?"), ("color:#1F497D", "Soon, Bob wrote."), ("", "Bye")];
        assert_eq!(answer("See below.", &ink), "See below.");
        assert!(answer("My answers in blue.", &ink).ends_with("Soon, Bob wrote."));
    }

    #[test]
    fn a_colour_nobody_announced_stays_quoted() {
        let red = [("", "Double room"), ("color:red", "only 90 EUR"), ("", "Kind regards")];
        assert_eq!(answer("We take it.", &red), "We take it.");
        assert_eq!(answer("We take the blue room.", &red), "We take the blue room.");
        let all = [("color:blue", "When?"), ("color:blue", "Kind regards")];
        assert_eq!(
            answer("See my comments inline tomorrow.", &all),
            "See my comments inline tomorrow."
        );
    }
}
