//! Why a text was not translated, or is not sent by itself: said to the house in its language. What an engine answered
//! in its own words is for the log.

use super::{
    facts::Difference,
    language::Language,
    phrases::{Phrase, Tongue},
};

/// The reason, as far as whoever reads it can do something about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody set up translation here.
    NotSetUp,
    /// More characters than this.
    TooLong(usize),
    /// No engine has this pair of languages.
    Unsupported(Language, Language),
    /// Engines may answer later: down, busy, silent.
    Unreachable,
    /// The month's characters are used up.
    Quota,
    /// The engines refuse the request or our key.
    Refused,
    /// A fact is not the same on both sides.
    Fact(Difference),
    /// A paragraph is in a third language; how it begins.
    Foreign(Language, String),
    /// The translation is shortened, repeats itself or makes no sense.
    Suspicious,
}

const NOT_SET_UP: Phrase = Phrase::new([
    "translation is not set up here.",
    "la traduction n'est pas configurée ici.",
    "la traducción no está configurada aquí.",
    "Übersetzen ist hier nicht eingerichtet.",
    "la traduzione non è configurata qui.",
    "a tradução não está configurada aqui.",
]);

const TOO_LONG: Phrase = Phrase::new([
    "the text is longer than {} characters.",
    "le texte dépasse {} caractères.",
    "el texto tiene más de {} caracteres.",
    "der Text ist länger als {} Zeichen.",
    "il testo supera {} caratteri.",
    "o texto tem mais de {} caracteres.",
]);

const UNSUPPORTED: Phrase = Phrase::new([
    "nothing here translates {}.",
    "aucune traduction n'est configurée ici pour {}.",
    "aquí no hay traducción configurada para {}.",
    "für {} ist hier keine Übersetzung eingerichtet.",
    "qui non è configurata alcuna traduzione per {}.",
    "não há aqui tradução configurada para {}.",
]);

const UNREACHABLE: Phrase = Phrase::new([
    "the translation service cannot be reached now.",
    "le service de traduction est injoignable pour le moment.",
    "el servicio de traducción no responde ahora.",
    "der Übersetzungsdienst ist gerade nicht zu erreichen.",
    "il servizio di traduzione non è raggiungibile ora.",
    "o serviço de tradução não responde agora.",
]);

const QUOTA: Phrase = Phrase::new([
    "the translation service has no characters left this month.",
    "le quota du service de traduction est épuisé ce mois-ci.",
    "el servicio de traducción ha agotado su cuota de este mes.",
    "das Kontingent des Übersetzungsdienstes ist für diesen Monat verbraucht.",
    "il servizio di traduzione ha esaurito la quota del mese.",
    "o serviço de tradução esgotou a quota deste mês.",
]);

const REFUSED: Phrase = Phrase::new([
    "the translation service refuses it; ask who runs this Relais.",
    "le service de traduction refuse ; demandez à qui gère ce Relais.",
    "el servicio de traducción lo rechaza; pregunte a quien administra este Relais.",
    "der Übersetzungsdienst lehnt ab; fragen Sie, wer dieses Relais betreibt.",
    "il servizio di traduzione rifiuta; chieda a chi gestisce questo Relais.",
    "o serviço de tradução recusa; pergunte a quem gere este Relais.",
]);

const LOST: Phrase = Phrase::new([
    "“{}” is missing from the translation.",
    "« {} » manque dans la traduction.",
    "«{}» falta en la traducción.",
    "„{}“ fehlt in der Übersetzung.",
    "«{}» manca nella traduzione.",
    "«{}» falta na tradução.",
]);

const INVENTED: Phrase = Phrase::new([
    "“{}” stands in the translation and not in the original.",
    "« {} » figure dans la traduction et pas dans l'original.",
    "«{}» está en la traducción y no en el original.",
    "„{}“ steht in der Übersetzung und nicht im Original.",
    "«{}» è nella traduzione e non nell'originale.",
    "«{}» está na tradução e não no original.",
]);

const FOREIGN: Phrase = Phrase::new([
    "a paragraph is in another language: {}",
    "un paragraphe est dans une autre langue : {}",
    "un párrafo está en otro idioma: {}",
    "ein Absatz ist in einer anderen Sprache: {}",
    "un paragrafo è in un'altra lingua: {}",
    "um parágrafo está noutra língua: {}",
]);

const SUSPICIOUS: Phrase = Phrase::new([
    "the translation leaves something out or makes no sense.",
    "la traduction omet quelque chose ou n'a pas de sens.",
    "la traducción omite algo o no tiene sentido.",
    "die Übersetzung lässt etwas aus oder ergibt keinen Sinn.",
    "la traduzione omette qualcosa o non ha senso.",
    "a tradução omite algo ou não faz sentido.",
]);

impl Why {
    /// In the house's language.
    pub fn say(&self, tongue: Tongue) -> String {
        match self {
            Why::NotSetUp => NOT_SET_UP.say(tongue, ""),
            Why::TooLong(most) => TOO_LONG.say(tongue, &most.to_string()),
            Why::Unsupported(from, to) => {
                UNSUPPORTED.say(tongue, &format!("{} → {}", from.name(), to.name()))
            }
            Why::Unreachable => UNREACHABLE.say(tongue, ""),
            Why::Quota => QUOTA.say(tongue, ""),
            Why::Refused => REFUSED.say(tongue, ""),
            Why::Fact(difference) => said(difference, tongue),
            Why::Foreign(language, begins) => {
                FOREIGN.say(tongue, &format!("{}, “{begins}…”", language.name()))
            }
            Why::Suspicious => SUSPICIOUS.say(tongue, ""),
        }
    }
}

/// A difference in the house's language.
pub fn said(difference: &Difference, tongue: Tongue) -> String {
    match difference {
        Difference::Lost(fact) => LOST.say(tongue, fact),
        Difference::Invented(fact) => INVENTED.say(tongue, fact),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_house_reads_its_own_language() {
        for (why, expected) in [
            (
                Why::Unsupported(Language::PT, Language::of("nl")),
                "não há aqui tradução configurada para português → Nederlands.",
            ),
            (Why::Fact(Difference::Lost("80 €".into())), "«80 €» falta na tradução."),
            (
                Why::Foreign(Language::of("de"), "Das Frühstück".into()),
                "um parágrafo está noutra língua: Deutsch, “Das Frühstück…”",
            ),
        ] {
            assert_eq!(why.say(Tongue::Pt), expected);
        }
    }
}
