//! Greetings, closings, thanks and one-word answers, said as people say them.
//!
//! The engines are at their worst where mails are most alike: the embedded model makes «Preocupar os calor»
//! of "Warm regards" and greets a Mr Green as a member of parliament. Such lines never reach an engine.

use super::language::Language;

/// The columns of the book.
const LANGUAGES: [&str; 8] = ["en", "pt", "es", "fr", "it", "de", "nl", "ca"];

/// What a formula is for; a closing is followed by a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Greeting,
    Closing,
    Thanks,
    Answer,
}

/// One row a formula; the first writing in a cell is said, all are recognised. `{}` is a name.
type Row = (Kind, [&'static str; 8]);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    (Kind::Greeting, ["Dear Mr {}|Dear Mr. {}|Hello Mr {}", "Caro Sr. {}|Caro Senhor {}|Exmo. Sr. {}|Estimado Sr. {}", "Estimado Sr. {}|Estimado señor {}", "Cher Monsieur {}|Bonjour Monsieur {}|Monsieur {}", "Gentile Sig. {}|Gentile signor {}|Egregio Signor {}", "Sehr geehrter Herr {}|Lieber Herr {}", "Geachte heer {}|Beste meneer {}", "Benvolgut Sr. {}|Benvolgut senyor {}"]),
    (Kind::Greeting, ["Dear Mrs {}|Dear Ms {}|Dear Mrs. {}|Dear Ms. {}|Hello Ms {}|Hello Mrs {}", "Cara Sra. {}|Cara Senhora {}|Exma. Sra. {}|Estimada Sra. {}", "Estimada Sra. {}|Estimada señora {}", "Chère Madame {}|Bonjour Madame {}|Madame {}", "Gentile Sig.ra {}|Gentile signora {}", "Sehr geehrte Frau {}|Liebe Frau {}", "Geachte mevrouw {}|Beste mevrouw {}", "Benvolguda Sra. {}|Benvolguda senyora {}"]),
    (Kind::Greeting, ["Dear Sir or Madam|Dear Sir/Madam|Dear Sirs|To whom it may concern", "Exmos. Senhores|Caros Senhores|Prezados Senhores", "Estimados señores|Muy señores míos", "Madame, Monsieur|Mesdames, Messieurs", "Gentili Signori|Spettabile Hotel|Egregi Signori", "Sehr geehrte Damen und Herren", "Geachte heer, mevrouw|Geachte heer/mevrouw", "Benvolguts senyors"]),
    (Kind::Greeting, ["Hello {}|Hi {}|Hey {}", "Olá, {}|Olá {}|Oi {}", "Hola, {}|Hola {}", "Bonjour {}|Salut {}", "Ciao {}|Salve {}", "Hallo {}|Hi {}", "Hallo {}|Hoi {}|Dag {}", "Hola, {}|Hola {}"]),
    (Kind::Greeting, ["Dear {}", "Olá, {}|Caro(a) {}|Caro {}|Cara {}|Querido {}|Querida {}|Prezado {}|Prezada {}", "Hola, {}|Estimado {}|Estimada {}|Querido {}|Querida {}", "Bonjour {}|Cher {}|Chère {}", "Buongiorno {}|Caro {}|Cara {}|Gentile {}", "Guten Tag {}|Liebe {}|Lieber {}", "Beste {}|Geachte {}", "Hola, {}|Benvolgut/da {}|Benvolgut {}|Benvolguda {}"]),
    (Kind::Greeting, ["Good morning {}", "Bom dia, {}|Bom dia {}", "Buenos días, {}|Buenos días {}", "Bonjour {}", "Buongiorno {}", "Guten Morgen {}", "Goedemorgen {}", "Bon dia, {}|Bon dia {}"]),
    (Kind::Greeting, ["Good afternoon {}", "Boa tarde, {}|Boa tarde {}", "Buenas tardes, {}|Buenas tardes {}", "Bonjour {}", "Buon pomeriggio {}", "Guten Tag {}", "Goedemiddag {}", "Bona tarda, {}|Bona tarda {}"]),
    (Kind::Greeting, ["Good evening {}", "Boa noite, {}|Boa noite {}", "Buenas noches, {}|Buenas noches {}", "Bonsoir {}", "Buonasera {}", "Guten Abend {}", "Goedenavond {}", "Bon vespre, {}|Bon vespre {}"]),
    (Kind::Greeting, ["Hello|Hi|Hi there|Hello there|Hey|Dear all|Hello everyone", "Olá|Oi|Olá a todos", "Hola|Hola a todos", "Bonjour|Salut|Bonjour à tous", "Ciao|Salve|Salve a tutti", "Hallo|Hi|Servus|Grüß Gott", "Hallo|Hoi|Dag", "Hola"]),
    (Kind::Greeting, ["Good morning", "Bom dia", "Buenos días|Buen día", "Bonjour", "Buongiorno|Buon giorno", "Guten Morgen", "Goedemorgen", "Bon dia"]),
    (Kind::Greeting, ["Good afternoon|Good day", "Boa tarde", "Buenas tardes|Buenas", "Bonjour|Bon après-midi", "Buon pomeriggio", "Guten Tag|Schönen guten Tag", "Goedemiddag|Goedendag", "Bona tarda"]),
    (Kind::Greeting, ["Good evening", "Boa noite", "Buenas noches", "Bonsoir", "Buonasera|Buona sera", "Guten Abend", "Goedenavond", "Bon vespre|Bona nit"]),
    (Kind::Closing, ["Kind regards|Best regards|Regards|Warm regards|With kind regards|Kindest regards|Many thanks and kind regards|Warmest regards|Best|Best wishes|All the best|Cheers", "Com os melhores cumprimentos|Melhores cumprimentos|Cumprimentos|Atenciosamente|Com os meus cumprimentos|Saudações|Atentamente", "Saludos cordiales|Un saludo|Saludos|Un cordial saludo|Cordialmente|Atentamente|Reciba un cordial saludo", "Cordialement|Bien cordialement|Bien à vous|Salutations|Meilleures salutations|Sincères salutations|Amicalement|Bonne journée et à bientôt", "Cordiali saluti|Distinti saluti|Saluti|Un saluto|Un cordiale saluto|Tanti saluti", "Mit freundlichen Grüßen|Freundliche Grüße|Viele Grüße|Liebe Grüße|Beste Grüße|Mit freundlichem Gruß|Herzliche Grüße|MfG|LG", "Met vriendelijke groet|Met vriendelijke groeten|Vriendelijke groet|Vriendelijke groeten|Groeten|Groetjes|Hartelijke groeten|Mvg", "Salutacions cordials|Salutacions|Cordialment|Una salutació|Atentament"]),
    (Kind::Closing, ["Yours sincerely|Sincerely|Yours faithfully|Yours truly|Sincerely yours|Respectfully", "Com os melhores cumprimentos|Respeitosamente", "Atentamente|Le saluda atentamente", "Veuillez agréer mes salutations distinguées|Sincèrement", "Distinti saluti|In fede", "Mit freundlichen Grüßen|Hochachtungsvoll", "Hoogachtend", "Atentament"]),
    (Kind::Closing, ["Warmly|Love|Hugs|With love", "Um abraço|Abraços|Beijinhos|Abraço|Beijos", "Un abrazo|Abrazos|Besos", "Bises|Je vous embrasse|Chaleureusement", "Un abbraccio|Baci|Con affetto", "Herzlichst|Alles Liebe|Herzlich", "Liefs", "Una abraçada|Petons"]),
    (Kind::Closing, ["See you soon|See you", "Até breve|Até já|Até logo", "Hasta pronto|Nos vemos", "À bientôt|A bientôt|À très bientôt", "A presto|Ci vediamo", "Bis bald|Bis dann", "Tot gauw|Tot snel|Tot ziens", "Fins aviat"]),
    (Kind::Closing, ["Goodbye|Bye", "Adeus|Tchau", "Adiós|Chao", "Au revoir", "Arrivederci", "Auf Wiedersehen|Tschüss", "Dag|Doei", "Adéu"]),
    (Kind::Thanks, ["Thank you very much|Many thanks|Thanks a lot|Thank you so much|Thanks so much", "Muito obrigado|Muito obrigada", "Muchas gracias|Mil gracias", "Merci beaucoup|Mille mercis|Un grand merci", "Grazie mille|Molte grazie|Tante grazie", "Vielen Dank|Herzlichen Dank|Danke schön|Vielen lieben Dank", "Hartelijk dank|Heel erg bedankt|Dank u wel|Dank je wel", "Moltes gràcies"]),
    (Kind::Thanks, ["Thank you|Thanks|Thx", "Obrigado|Obrigada", "Gracias", "Merci", "Grazie", "Danke", "Bedankt|Dank u|Dank je", "Gràcies|Mercès"]),
    (Kind::Thanks, ["Thank you in advance|Thanks in advance|Many thanks in advance", "Obrigado desde já|Desde já obrigado|Desde já agradeço|Agradeço desde já", "Gracias de antemano|Muchas gracias de antemano", "Merci d'avance|Merci par avance|Je vous remercie par avance", "Grazie in anticipo|Ringrazio anticipatamente", "Vielen Dank im Voraus|Danke im Voraus", "Alvast bedankt|Bij voorbaat dank", "Gràcies per endavant|Gràcies per avançat"]),
    (Kind::Thanks, ["You're welcome|You are welcome|My pleasure|Don't mention it", "De nada|Não tem de quê", "De nada|No hay de qué", "Je vous en prie|De rien|Avec plaisir", "Prego|Di niente|Si figuri", "Gern geschehen|Bitte sehr|Gerne", "Graag gedaan", "De res"]),
    (Kind::Answer, ["Yes|Yep|Yeah", "Sim", "Sí", "Oui", "Sì|Si", "Ja", "Ja", "Sí"]),
    (Kind::Answer, ["No|Nope", "Não", "No", "Non", "No", "Nein", "Nee", "No"]),
    (Kind::Answer, ["Yes, please|Yes please", "Sim, por favor", "Sí, por favor", "Oui, s'il vous plaît", "Sì, per favore|Sì, grazie", "Ja, bitte|Ja, gerne|Ja bitte", "Ja, graag|Graag", "Sí, si us plau"]),
    (Kind::Answer, ["No, thank you|No thank you|No thanks|No, thanks", "Não, obrigado|Não, obrigada", "No, gracias|No gracias", "Non, merci|Non merci", "No, grazie|No grazie", "Nein, danke|Nein danke", "Nee, dank u|Nee, bedankt", "No, gràcies"]),
    (Kind::Answer, ["OK|Okay|Ok", "OK|Está bem|Ok", "De acuerdo|Vale|OK", "D'accord|OK", "Va bene|OK", "OK|In Ordnung|Alles klar|Okay", "Oké|OK|Akkoord", "D'acord|OK"]),
    (Kind::Answer, ["Perfect", "Perfeito", "Perfecto", "Parfait", "Perfetto", "Perfekt", "Perfect", "Perfecte"]),
    (Kind::Answer, ["Great|Wonderful|Excellent", "Ótimo|Excelente", "Estupendo|Genial|Excelente", "Super|Génial|Excellent", "Ottimo|Fantastico|Eccellente", "Super|Großartig|Wunderbar|Toll", "Geweldig|Prima|Fijn", "Genial|Fantàstic|Excel·lent"]),
    (Kind::Answer, ["Of course|Sure|Certainly", "Claro|Com certeza|Claro que sim", "Por supuesto|Claro|Claro que sí", "Bien sûr|Certainement", "Certo|Certamente|Naturalmente", "Natürlich|Selbstverständlich|Sicher", "Natuurlijk|Zeker", "I tant|És clar"]),
    (Kind::Answer, ["No problem", "Sem problema|Não há problema", "Ningún problema|Sin problema|No hay problema", "Pas de problème|Pas de souci", "Nessun problema", "Kein Problem", "Geen probleem", "Cap problema"]),
    (Kind::Answer, ["Sorry|I'm sorry", "Desculpe|Peço desculpa|Lamento", "Lo siento|Perdón|Disculpe", "Désolé|Désolée|Pardon", "Mi dispiace|Scusi", "Es tut mir leid|Entschuldigung|Tut mir leid", "Sorry|Het spijt me", "Ho sento|Perdó"]),
    (Kind::Answer, ["Have a nice day|Have a great day|Have a good day", "Tenha um bom dia|Bom dia para si|Continuação de bom dia", "Que tenga un buen día|Que tengas un buen día", "Bonne journée|Belle journée", "Buona giornata", "Einen schönen Tag noch|Schönen Tag noch|Schönen Tag", "Fijne dag|Nog een fijne dag|Prettige dag", "Que tingui un bon dia"]),
    (Kind::Answer, ["Welcome", "Bem-vindos|Bem-vindo|Bem-vinda", "Bienvenidos|Bienvenido|Bienvenida", "Bienvenue", "Benvenuti|Benvenuto|Benvenuta", "Willkommen|Herzlich willkommen", "Welkom", "Benvinguts|Benvingut"]),
    (Kind::Answer, ["Agreed|Deal|That's agreed|It's a deal", "Combinado|Está combinado|Fica combinado|Ficou combinado|De acordo|Tudo combinado|Acordado", "Quedamos así|Hecho|Trato hecho", "C'est d'accord|C'est entendu|Entendu|Ça marche|C'est bon pour nous", "D'accordo|Siamo d'accordo|Intesi|D'accordissimo", "Einverstanden|Abgemacht|Geht in Ordnung|Geht klar|Passt", "Afgesproken|Akkoord, afgesproken", "Entesos|Fet"]),
    (Kind::Answer, ["It doesn't matter|Never mind|No worries|Not a problem", "Não faz mal|Não tem importância|Não importa|Não tem problema", "No pasa nada|No importa|No te preocupes|No se preocupe", "Ce n'est pas grave|Ça ne fait rien|Pas grave", "Non fa niente|Non importa|Fa niente|Non si preoccupi", "Das macht nichts|Macht nichts|Nicht schlimm", "Geeft niet|Maakt niet uit", "No passa res|Tant és"]),
    (Kind::Answer, ["Have a good trip|Have a safe trip|Safe travels|Safe journey|Have a good journey|Have a safe journey", "Boa viagem", "Buen viaje|Feliz viaje", "Bon voyage|Bonne route", "Buon viaggio", "Gute Reise|Gute Fahrt|Guten Flug", "Goede reis", "Bon viatge"]),
    (Kind::Answer, ["Enjoy your holiday|Have a nice holiday|Have a great holiday|Enjoy your vacation|Have a good holiday", "Boas férias", "Felices vacaciones|Buenas vacaciones", "Bonnes vacances", "Buone vacanze|Buone ferie", "Schönen Urlaub|Schöne Ferien", "Fijne vakantie", "Bones vacances"]),
    (Kind::Answer, ["Enjoy your stay|Have a nice stay|Have a good stay", "Boa estadia|Boa estada", "Feliz estancia|Buena estancia", "Bon séjour", "Buon soggiorno|Buona permanenza", "Einen schönen Aufenthalt|Schönen Aufenthalt|Angenehmen Aufenthalt", "Fijn verblijf|Prettig verblijf", "Bona estada"]),
    (Kind::Answer, ["Have a good weekend|Have a nice weekend|Have a great weekend", "Bom fim de semana|Bom fim-de-semana", "Buen fin de semana|Feliz fin de semana", "Bon week-end|Bon weekend", "Buon fine settimana|Buon weekend", "Schönes Wochenende|Ein schönes Wochenende", "Fijn weekend|Prettig weekend", "Bon cap de setmana"]),
    (Kind::Answer, ["That's fine|That works|That works for us|That is fine|Fine by us", "Pode ser|Por nós está bem|Por nós tudo bem", "Puede ser|Nos viene bien|Está bien", "Ça nous va|Ça me va|Cela nous convient", "Va bene così|Per noi va bene", "Das passt|Das passt uns|Das geht", "Dat is goed|Dat kan|Prima zo", "Pot ser|Ens va bé"]),
    (Kind::Answer, ["See you tomorrow|Until tomorrow", "Até amanhã", "Hasta mañana", "À demain|A demain", "A domani", "Bis morgen", "Tot morgen", "Fins demà"]),
    (Kind::Answer, ["See you on Monday|See you Monday|Until Monday", "Até segunda-feira|Até segunda", "Hasta el lunes|Nos vemos el lunes", "À lundi|A lundi", "A lunedì|Ci vediamo lunedì", "Bis Montag", "Tot maandag", "Fins dilluns"]),
    (Kind::Answer, ["See you on Tuesday|See you Tuesday|Until Tuesday", "Até terça-feira|Até terça", "Hasta el martes|Nos vemos el martes", "À mardi|A mardi", "A martedì|Ci vediamo martedì", "Bis Dienstag", "Tot dinsdag", "Fins dimarts"]),
    (Kind::Answer, ["See you on Wednesday|See you Wednesday|Until Wednesday", "Até quarta-feira|Até quarta", "Hasta el miércoles|Nos vemos el miércoles", "À mercredi|A mercredi", "A mercoledì|Ci vediamo mercoledì", "Bis Mittwoch", "Tot woensdag", "Fins dimecres"]),
    (Kind::Answer, ["See you on Thursday|See you Thursday|Until Thursday", "Até quinta-feira|Até quinta", "Hasta el jueves|Nos vemos el jueves", "À jeudi|A jeudi", "A giovedì|Ci vediamo giovedì", "Bis Donnerstag", "Tot donderdag", "Fins dijous"]),
    (Kind::Answer, ["See you on Friday|See you Friday|Until Friday", "Até sexta-feira|Até sexta", "Hasta el viernes|Nos vemos el viernes", "À vendredi|A vendredi", "A venerdì|Ci vediamo venerdì", "Bis Freitag", "Tot vrijdag", "Fins divendres"]),
    (Kind::Answer, ["See you on Saturday|See you Saturday|Until Saturday", "Até sábado", "Hasta el sábado|Nos vemos el sábado", "À samedi|A samedi", "A sabato|Ci vediamo sabato", "Bis Samstag|Bis Sonnabend", "Tot zaterdag", "Fins dissabte"]),
    (Kind::Answer, ["See you on Sunday|See you Sunday|Until Sunday", "Até domingo", "Hasta el domingo|Nos vemos el domingo", "À dimanche|A dimanche", "A domenica|Ci vediamo domenica", "Bis Sonntag", "Tot zondag", "Fins diumenge"]),
    (Kind::Answer, ["Please", "Por favor", "Por favor", "S'il vous plaît", "Per favore", "Bitte", "Alstublieft", "Si us plau"]),
];

/// Marks a formula may end with; they are kept.
const FINAL_MARKS: &[char] = &[',', '.', '!', ':', ';', '…', ' '];

/// No formula with a name is longer, bytes.
const LONGEST: usize = 160;

fn column(language: Language) -> Option<usize> {
    LANGUAGES.iter().position(|code| *code == language.as_str())
}

/// The formula of a line in the other language, with its final mark and its name, or several of them, such as «Ótimo!
/// Até sábado.»; `None` if the line says anything else.
pub fn say(line: &str, from: Language, to: Language) -> Option<String> {
    say_one(line, from, to).or_else(|| say_several(line, from, to))
}

/// Nobody strings more of them together.
const SEVERAL: usize = 4;

fn say_several(line: &str, from: Language, to: Language) -> Option<String> {
    if line.len() > LONGEST {
        return None;
    }
    let body = line.trim_end_matches(|c: char| !c.is_alphanumeric());
    let tail = &line[body.len()..];
    // What a pictograph follows, or a mark said twice, is no formula as it stands.
    let dressed = tail.contains(|c: char| !FINAL_MARKS.contains(&c) && c != '?');
    let least = if dressed { 1 } else { 2 };
    let mut said = String::new();
    let mut formulas = 0;
    for part in body.split_inclusive([',', '.', '!', ';', '…']) {
        let bare = part.trim();
        let gap = &part[..part.len() - part.trim_start().len()];
        said.push_str(gap);
        let formula = say_one(bare, from, to)?;
        formulas += 1;
        said.push_str(&cased(&formula, bare));
    }
    ((least..=SEVERAL).contains(&formulas) && !tail.contains('?')).then(|| said + tail)
}

fn say_one(line: &str, from: Language, to: Language) -> Option<String> {
    let (row, name) = look_up(line, from)?;
    let said = row.1[column(to)?].split('|').next()?;
    let bare = line.trim_end_matches(FINAL_MARKS);
    let mark = line[bare.len()..].trim_end();
    // German writes the line after a greeting small and Spanish ends it with a colon; nobody is puzzled by a comma.
    Some(format!("{}{mark}", said.replace("{}", name)))
}

/// A formula inside a line begins as small as it was written; none begins with a German noun.
fn cased(formula: &str, written: &str) -> String {
    let mut letters = formula.chars();
    let own = formula.starts_with("I ") || formula.starts_with("I'") || formula.starts_with("OK");
    match letters.next() {
        Some(first) if written.starts_with(char::is_lowercase) && !own => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => formula.to_owned(),
    }
}

/// What kind of formula a line is in this language.
pub fn kind(line: &str, language: Language) -> Option<Kind> {
    look_up(line, language).map(|(row, _)| row.0)
}

fn look_up(line: &str, from: Language) -> Option<(&'static Row, &str)> {
    let bare = line.trim().trim_end_matches(FINAL_MARKS);
    let column = column(from)?;
    if bare.len() > LONGEST {
        return None;
    }
    let (folded, first) = (fold(bare), bare.chars().flat_map(char::to_lowercase).next()?);
    let begins = move |form: &&str| form.chars().flat_map(char::to_lowercase).next() == Some(first);
    let forms = move |row: &'static Row| {
        row.1[column].split('|').filter(begins).map(move |form| (row, form))
    };
    let all = || ROWS.iter().flat_map(forms);
    let plain = all().find(|(_, form)| form.to_lowercase() == folded);
    plain.map(|(row, _)| (row, "")).or_else(|| {
        all().find_map(|(row, form)| Some((row, name_in(bare, form.strip_suffix("{}")?)?)))
    })
}

fn fold(text: &str) -> String {
    text.replace('’', "'").to_lowercase()
}

/// The name after a greeting: one to four words that begin with a capital.
fn name_in<'a>(line: &'a str, greeting: &str) -> Option<&'a str> {
    let head: usize = line.chars().take(greeting.chars().count()).map(char::len_utf8).sum();
    let (head, name) = line.split_at(head);
    let words: Vec<&str> = name.split_whitespace().collect();
    let named = (1..=4).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase) && !word.contains([',', '?', '!', ':'])
        })
        && name == name.trim();
    (fold(head) == greeting.to_lowercase() && named).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lang(code: &str) -> Language {
        Language::parse(code).unwrap()
    }

    #[test]
    fn formulas_are_said_as_people_say_them() {
        for (line, from, to, expected) in [
            ("Hello", "en", "pt", Some("Olá")),
            ("Thanks.", "en", "pt", Some("Obrigado.")),
            ("Thanks!", "en", "de", Some("Danke!")),
            ("Kind regards,", "en", "pt", Some("Com os melhores cumprimentos,")),
            ("Warm regards,", "en", "fr", Some("Cordialement,")),
            ("Dear Mr Green,", "en", "pt", Some("Caro Sr. Green,")),
            ("Hi Maria Silva,", "en", "es", Some("Hola, Maria Silva,")),
            ("Olá Julia,", "pt", "en", Some("Hello Julia,")),
            ("Sehr geehrte Damen und Herren,", "de", "en", Some("Dear Sir or Madam,")),
            ("Merci d’avance", "fr", "en", Some("Thank you in advance")),
            ("NO", "en", "de", Some("Nein")),
            ("Dear Ana,", "en", "pt", Some("Olá, Ana,")),
            ("Olá, Ana!", "pt", "en", Some("Hello Ana!")),
            ("Combinado!", "pt", "en", Some("Agreed!")),
            ("Ótimo! Até sábado.", "pt", "en", Some("Great! See you on Saturday.")),
            ("OK, combinado 👍", "pt", "en", Some("OK, agreed 👍")),
            ("Perfect, thank you!", "en", "pt", Some("Perfeito, obrigado!")),
            ("Obrigada, boas férias!", "pt", "de", Some("Danke, schönen Urlaub!")),
            ("Combinado 👍", "pt", "en", Some("Agreed 👍")),
            ("OK?", "en", "pt", None),
            ("Great, see you at ten.", "en", "pt", None),
            ("Yes, Monday.", "en", "pt", None),
            ("Hello we arrive at ten", "en", "pt", None),
            ("Hi Maria, we arrive at ten", "en", "pt", None),
            ("Thanks", "en", "pl", None),
            ("Thanks", "pl", "en", None),
        ] {
            assert_eq!(say(line, lang(from), lang(to)).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn no_cell_is_empty_and_names_stand_in_every_language_or_none() {
        for (_, cells) in ROWS {
            let named = cells[0].contains("{}");
            assert!(
                cells.iter().all(|cell| !cell.is_empty() && cell.contains("{}") == named),
                "{}",
                cells[0]
            );
        }
    }
}
