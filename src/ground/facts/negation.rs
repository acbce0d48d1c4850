//! A "not" that is lost: «Não temos estacionamento» must not come out as "We have parking". A sentence that denies has
//! to have a translation with at least a word that denies, refuses or excepts; the other way round as well.

use super::{opposites::words, spoken};
use crate::ground::language::Language;

/// Words that deny, in the languages of [`spoken`].
#[rustfmt::skip]
const DENIES: [&str; 8] = [
    "not cannot never none no", "não nao nunca nenhum nenhuma jamais", "no nunca ningún ningun ninguna ninguno jamás jamas", "pas jamais aucun aucune",
    "non nessun nessuno nessuna nessun", "nicht kein keine keinen keinem keiner keines nie niemals", "niet geen nooit", "no mai cap",
];

/// Words that may stand for one, or deny beside others; `*` ends a beginning.
#[rustfmt::skip]
const MAY_DENY: [&str; 8] = [
    "no nor neither nothing nobody nowhere without una* unf* unl* unp* unne* uns* unc* unh* impossible inaccessible incorrect invalid dis* non* except only just unless hardly refus* declin* prohibit* forbid* forbidden bann* lack* miss* clos* full sold instead avoid* fail* rather than out yet until hesitate mind wrong little less no-one anymore stop prevent* exempt* waive* excl* minus barely rarely seldom despite otherwise whether either spam junk",
    "sem nem nada ninguém ninguem impossív* impossiv* proibid* indisponív* inacessív* incorret* inválid* infelizmente incapaz* desnecess* exceto excepto só so apenas somente salvo falta* evit* esgotad* fech* recus* senão lotad* tão-pouco tampouco apesar até poupe poupar escusa* menos excluíd* isent* cheio cheios spam",
    "ni nada nadie sin imposible* prohibid* indisponib* inaccesib* incorrect* inválid* incapaz* innecesari* desgraciad* lamentabl* excepto solo sólo solamente salvo falta* evit* agotad* cerrad* rechaz* sino lleno llenos completo completos tampoco pesar hasta menos exclu* exent* apenas spam",
    "ne n non ni rien personne sans impossible* interdit* indisponible* inaccessible* incorrect* invalid* malheureus* inutile* sauf seulement uniquement manque* évit* complet complets complète fermé* refus* point guère sinon malgré jusqu moins excl* exempt* nul nulle indésirable* spam",
    "né niente nulla senza impossibil* vietat* proibit* indisponibil* inaccessibil* sbagliat* incapac* purtroppo inutil* eccetto tranne solo soltanto salvo manca* evit* esaurit* chius* rifiut* nemmeno neanche neppure mai fino meno esclus* esent* spam",
    "ohne weder noch nichts niemand unmögl* unver* unzu* ungü* unnö* verbot* außer nur lediglich fehl* vermeid* ausgebucht geschlossen abgelehn* statt trotz bis weniger ausgenommen nein leider kaum selten ob sondern spam spam-ordner",
    "zonder noch niets niemand onmogel* onbe* onge* onno* verbod* behalve alleen slechts ontbreek* vermijd* volgeboekt gesloten geweiger* tot minder uitgezonderd nee helaas nauwelijks zelden spam",
    "ni res ningú sense impossible* prohibi* indisponib* inaccessib* incorrect* malauradament excepte només llevat falt* evit* esgotat* tancat* rebutj* sinó ple plens complet tampoc fins menys exclo* pas spam",
];

/// Phrases that deny nothing though a word of theirs does: "why not", «pois não».
#[rustfmt::skip]
const IDIOMS: [&str; 8] = [
    "not only|why not|not to mention|if not|or not|whether or not|not just|not hesitate|t hesitate|t wait|no problem|no problems|no doubt|no matter|no later|in no time|no worries|no more than|no less|not forget|t forget|not at all", "não só|pois não|não é|a não ser|não hesite|não apenas|ou não|se não|não se preocupe|não há de quê|não obstante|não tem de quê|não esqueça|não se esqueça|não te esqueças|não deixe|não vejo a hora|porque não|por que não",
    "no solo|no sólo|no deseado|no deseados|a no ser|no dude|no duden|o no|si no|no se preocupe|no obstante|no olvide|no olviden|no hay de qué|no deje|cómo no|por qué no|verdad no|no solamente", "n est ce pas|pas seulement|n hésitez pas|ou pas|pourquoi pas|pas de souci|ne vous inquiétez pas|pas de problème|n oubliez pas|pas du tout|sinon pas|pas mal",
    "non solo|non esitate|non esiti|o no|se non|perché non|non è vero|non vedo|non vediamo|non si preoccupi|non esitare|non dimenticate|non dimentichi", "nicht nur|warum nicht|oder nicht|nicht wahr|zögern sie nicht|nicht vergessen|vergessen sie nicht|wenn nicht|nicht zuletzt|ob nicht", "niet alleen|waarom niet|of niet|aarzel niet|niet waar|vergeet niet|zo niet", "no només|no dubteu|o no|si no|per què no|oi que no",
];

/// What one side denies and the other does not, as it is written: of the source, and of the target.
pub(super) fn lost(
    (source, from): (&str, Language),
    (target, to): (&str, Language),
) -> (Option<String>, Option<String>) {
    let (Some(ours), Some(theirs)) = (spoken::row(from), spoken::row(to)) else {
        return (None, None);
    };
    let (one, other) = (sentences(source), sentences(target));
    // Sentence by sentence where as many came back.
    if one.len() == other.len() {
        let pairs = one.iter().zip(&other);
        let found = pairs.map(|(source, target)| differ((source, ours), (target, theirs)));
        return found.fold((None, None), |so_far, (a, b)| (so_far.0.or(a), so_far.1.or(b)));
    }
    differ((source, ours), (target, theirs))
}

fn differ(
    (source, ours): (&str, usize),
    (target, theirs): (&str, usize),
) -> (Option<String>, Option<String>) {
    let both = |text| (words(behind_an_answer(text)), words(text));
    let ((ours_behind, ours_all), (theirs_behind, theirs_all)) = (both(source), both(target));
    let unanswered = |here: &[String], there: &[String], (row, other): (usize, usize)| {
        let (word, at) = denies(here, row)?;
        let answered = may_deny(there, other) || pays(here, at) && is_free(there, other);
        (!answered).then_some(word)
    };
    let lost = unanswered(&ours_behind, &theirs_all, (ours, theirs));
    let gained = unanswered(&theirs_behind, &ours_all, (theirs, ours));
    (lost, gained)
}

/// «No, gracias» is an answer and denies nothing, and «¿No sería posible…?» only asks politely.
fn behind_an_answer(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let rest = text[word..].trim_start();
    let answers = ["no", "não", "non", "nein", "nee"].contains(&&text[..word].to_lowercase()[..]);
    let ends = rest.is_empty() || rest.starts_with([',', '.', '!', ';', ':', '-', '–']);
    let polite = text.trim_end().ends_with('?');
    if answers && (ends || polite) { rest } else { text }
}

/// Is it paying that is denied? Who does not pay stays free.
fn pays(words: &[String], at: usize) -> bool {
    const PAY: [&str; 12] = [
        "pay", "charg", "cost", "pag", "cobr", "cust", "cuest", "pai", "coût", "zahl", "kost",
        "beta",
    ];
    let near = &words[at.saturating_sub(3)..words.len().min(at + 4)];
    near.iter().any(|word| PAY.iter().any(|pay| word.starts_with(pay)))
}

/// Without a price, in the same languages.
const FREE: [&str; 8] = [
    "free",
    "grátis gratuito gratuita gratuitamente",
    "gratis gratuito gratuita gratuitamente",
    "gratuit gratuite gratuits gratuitement",
    "gratis gratuito gratuita gratuitamente",
    "kostenlos frei gratis",
    "gratis",
    "gratis gratuït gratuïta",
];

fn is_free(words: &[String], row: usize) -> bool {
    words.iter().any(|word| FREE[row].split(' ').any(|free| free == word))
}

/// The first word that denies and is of no idiom, and its place.
fn denies(words: &[String], row: usize) -> Option<(String, usize)> {
    let idiom = |at: usize| {
        IDIOMS[row].split('|').any(|idiom| {
            let idiom: Vec<&str> = idiom.split(' ').collect();
            (0..idiom.len()).any(|back| {
                let start = at.checked_sub(back);
                let window = start.and_then(|start| words.get(start..start + idiom.len()));
                window.is_some_and(|window| window.iter().zip(&idiom).all(|(a, b)| a == b))
            })
        })
    };
    let at = (0..words.len()).find(|at| {
        let word = &words[*at];
        let contracted = row == ENGLISH && *at > 0 && word == "t" && words[at - 1].ends_with('n');
        let plain = DENIES[row].split(' ').any(|known| known == word);
        // "room no 5"
        let next =
            words.get(*at + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        let numbered = row == ENGLISH && word == "no" && next;
        // «nous n'avons plus de chambres»
        let no_more = row == FRENCH
            && word == "plus"
            && words[at.saturating_sub(4)..*at].iter().any(|word| word == "n" || word == "ne");
        (contracted || plain || no_more) && !numbered && !idiom(*at)
    })?;
    let contracted = words[at] == "t";
    let word = if contracted { format!("{}'t", words[at - 1]) } else { words[at].clone() };
    Some((word, at))
}

const ENGLISH: usize = 0;
const FRENCH: usize = 3;

fn may_deny(words: &[String], row: usize) -> bool {
    let known = |word: &String, list: &str| {
        list.split(' ').any(|known| match known.strip_suffix('*') {
            Some(begin) => word.starts_with(begin),
            None => word == known,
        })
    };
    let contracted = row == ENGLISH && words.iter().any(|word| word == "t");
    contracted || words.iter().any(|word| known(word, DENIES[row]) || known(word, MAY_DENY[row]))
}

fn sentences(text: &str) -> Vec<&str> {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | '\n');
    text.split_inclusive(ends).filter(|part| part.contains(char::is_alphabetic)).collect()
}
