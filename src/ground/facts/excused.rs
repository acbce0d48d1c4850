//! What stands for a "not" on the other side: "closed" for "not open", "free" for "not paid", and the formulas whose "not"
//! denies nothing: «Kein Problem», «Não hesite». A word that both sides say stands for nothing: "We are not here until
//! ten" is not «Wir sind bis zehn hier», nor is it regret that denies.

/// Words that may stand for a "not" or deny beside others, in the languages of [`super::spoken`]; `*` ends a beginning.
#[rustfmt::skip]
const MAY_DENY: [&str; 8] = [
    "nor neither nothing nobody nowhere una* unfurnished unfit unfinished unfamiliar unfriendly unl* unp* unne* uns* unc* unh* impossible inaccessible incorrect invalid dis* non* hardly refus* declin* lack* miss* instead avoid* fail* rather than out yet mind wrong no-one anymore stop prevent* exempt* waive* excl* barely rarely seldom whether either junk",
    "nem nada ninguém ninguem impossív* impossiv* indisponív* inacessív* incorret* inválid* incapaz* desnecess* falta* evit* recus* senão tão-pouco tampouco poupe poupar escusa* excluíd* isent* mal",
    "ni nada nadie imposible* indisponib* inaccesib* incorrect* inválid* incapaz* innecesari* falta* evit* rechaz* sino tampoco exclu* exent* apenas",
    "ne n non ni rien personne impossible* indisponible* inaccessible* incorrect* invalid* inutile* manque* évit* refus* point guère sinon excl* exempt* nul nulle indésirable*",
    "né niente nulla impossibil* indisponibil* inaccessibil* sbagliat* incapac* inutil* manca* evit* rifiut* nemmeno neanche neppure mai esclus* esent*",
    "weder noch nichts niemand unmögl* unver* unzu* ungü* unnö* fehl* vermeid* abgelehn* statt ausgenommen nein kaum selten ob sondern",
    "noch niets niemand onmogel* onbe* onge* onno* ontbreek* vermijd* geweiger* uitgezonderd nee nauwelijks zelden",
    "ni res ningú impossible* indisponib* inaccessib* incorrect* falt* evit* rebutj* sinó tampoc exclo* pas",
];

/// The same where they have equals: such a word excuses a lost "not" only where the other side does not say it too.
#[rustfmt::skip]
const ONE_SIDED: [[&str; 8]; 8] = [
    ["until till", "até", "hasta", "jusqu", "fino", "bis", "tot", "fins"],
    ["full sold", "esgotad* lotad* cheio cheios", "agotad* lleno llenos completo completos", "complet complets complète", "esaurit* completo", "ausgebucht", "volgeboekt", "esgotat* ple plens complet"],
    ["closed closes close closing", "fech*", "cerrad* cierra cierran", "fermé* ferme ferment", "chius* chiude chiudono", "geschlossen schließt schließen", "gesloten sluit sluiten", "tancat* tanca tanquen"],
    ["only just except unless", "só so apenas somente exceto excepto salvo", "solo sólo solamente excepto salvo", "seulement uniquement sauf", "solo soltanto eccetto tranne salvo", "nur lediglich außer erst", "alleen slechts behalve pas", "només excepte llevat"],
    ["without", "sem", "sin", "sans", "senza", "ohne", "zonder", "sense"],
    ["prohibit* forbid* forbidden bann*", "proibid*", "prohibid*", "interdit*", "vietat* proibit*", "verbot*", "verbod*", "prohibi*"],
    ["less fewer minus little despite", "menos apesar", "menos pesar", "moins malgré", "meno", "weniger trotz", "minder", "menys"],
    ["spam", "spam", "spam", "spam", "spam", "spam spam-ordner", "spam", "spam"],
];

/// Does a side say something that may stand for the "not" of the other?
pub(super) fn may_deny((there, row): (&[String], usize), (here, own): (&[String], usize)) -> bool {
    let stands = says(there, MAY_DENY[row]);
    let alone = |of: &[&str; 8]| says(there, of[row]) && !says(here, of[own]);
    stands || ONE_SIDED.iter().any(alone)
}

/// What is denied, by the beginnings of words in any language, and what says the same without a "not" on the other side.
#[rustfmt::skip]
const MEETS: [(&str, [&str; 8]); 4] = [
    // Who does not pay stays free.
    ("pay* charg* cost* pag* cobr* cust* cuest* pai* coût* zahl* kost* beta*", ["free", "grátis gratuito gratuita gratuitamente", "gratis gratuito gratuita gratuitamente", "gratuit gratuite gratuits gratuitement",
        "gratis gratuito gratuita gratuitamente", "kostenlos frei gratis", "gratis", "gratis gratuït gratuïta"]),
    ("includ* inclu* inclús* inklusiv* inbegriffen enthalten compris* compres* comprés* inbegrepen begrepen comprèn*", ["extra separately surcharge additional", "parte extra adicional acresce suplemento", "aparte adicional extra suplemento",
        "supplément sus extra plus", "extra parte supplemento", "extra zusätzlich gesondert separat zuzüglich", "extra apart toeslag", "apart extra suplement"]),
    ("matter* import* interess* rolle maakt", ["irrelevant same", "indiferente tanto", "igual indiferente", "égal importe peu", "indifferente uguale", "egal gleich gleichgültig", "uit egal", "igual indiferent"]),
    ("miss verfehl* überseh* perder* manquer rater sbagli* missen", ["easy easily", "fácil facilmente", "fácil fácilmente", "facile facilement", "facile facilmente", "leicht einfach", "makkelijk gemakkelijk", "fàcil"]),
];

/// Is what is denied here said without a "not" there? What both say is said beside it.
pub(super) fn meets(
    (here, own): (&[String], usize),
    at: usize,
    (there, row): (&[String], usize),
) -> bool {
    let near = &here[at.saturating_sub(3)..here.len().min(at + 4)];
    let same = |same: &[&str; 8]| says(there, same[row]) && !says(here, same[own]);
    MEETS.iter().any(|(denied, meets)| says(near, denied) && same(meets))
}

/// Formulas: what is only denied to be polite, in the same languages; the first may be denied behind as well («N'hésitez
/// pas»).
#[rustfmt::skip]
const HARMLESS: [[&str; 8]; 4] = [
    ["hesitat*", "hesit*", "dud* vacil*", "hésit*", "esit*", "zöger* scheu*", "aarzel*", "dubt*"],
    ["forget", "esqueça esqueçam esqueças esquecer", "olvide olviden olvides olvidar", "oubliez oublie oublier oublions", "dimenticate dimentichi dimenticare dimentica", "vergiss vergessen", "verge*", "oblid*"],
    ["worr*", "preocup*", "preocup*", "inquièt* inquiét*", "preoccup*", "sorge sorgen gedanken", "zorgen", "amoïn* preocup*"],
    ["problem* trouble doubt doubts hurry rush", "problema* pressa dúvida mal", "problema* prisa duda", "problème* souci* doute", "problem* fretta dubbio", "problem* thema ursache eile umstände zweifel", "problem* probleem haast twijfel", "problem* pressa dubte"],
];
/// Of those, how many may stand before their "not".
const BEFORE: usize = 2;
const FRENCH: usize = 3;

/// Is the word at this place a "not" of a formula? Not where the other side says the same without one.
pub(super) fn is_formula(
    (here, own): (&[String], usize),
    at: usize,
    (there, row): (&[String], usize),
    denies: impl Fn(usize) -> bool,
) -> bool {
    // «Não há nenhum problema» denies twice.
    let twice = !matches!(own, 0 | FRENCH | 5 | 6);
    let behind = at + 1..here.len().min(at + 5);
    let next = behind
        .clone()
        .find(|next| denies(*next) && !(twice && here[*next] != here[at]))
        .unwrap_or(behind.end);
    let before = at.saturating_sub(3)..at;
    HARMLESS.iter().enumerate().any(|(number, formula)| {
        let known = |at: usize| says(&here[at..=at], formula[own]);
        let verb_first = number < BEFORE || number == BEFORE && own == FRENCH;
        let said = (at + 1..next).any(known) || verb_first && before.clone().any(known);
        said && !says(there, formula[row])
    })
}

fn says(words: &[String], list: &str) -> bool {
    let known = |word: &String| {
        list.split(' ').any(|known| match known.strip_suffix('*') {
            Some(begin) => word.starts_with(begin),
            None => word == known,
        })
    };
    words.iter().any(known)
}
