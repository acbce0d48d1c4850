//! The little words that give a Latin-script language away. A sentence holds several of them, and counting
//! them takes a microsecond where the judge takes most of a thousand.
//!
//! A word shared by several languages counts for each with its share only, so that `de` says little.

use std::{collections::HashMap, sync::OnceLock};

use super::{Language, judge::Family};

/// One row a language: what a letter to an inn is full of.
#[rustfmt::skip]
const WORDS: &[(&str, &str)] = &[
    ("en", "the and of to in is that it for was on are as with his they at be this have from or had by not but what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more go see no way could my than first been call who its now find down day did get come may our you i he me"),
    ("fr", "le la les de des du et un une est que qui dans en pour pas sur au aux avec ce cette ces il elle nous vous ils je ne se son sa ses leur par plus ou mais été être avoir fait tout comme très sont à où c'est d'un d'une qu'il n'est l'on avons avez peut deux même aussi cela si bien sans faire y ont entre était mon votre vos notre nos bonjour merci"),
    ("de", "der die das und ist in zu den von mit sich des auf für nicht ein eine einen einem einer dem als auch es an werden aus er hat dass sie nach wird bei noch wie über so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir ihr kann wenn uns mir unter gegen vom schon hatte sind am im um diese dieser wieder keine sehr gibt ihre"),
    ("es", "el la los las de del y que en un una es por con para no se lo al su sus como más pero le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro otras está están fue ha son usted tiene ser años dos había era hacer"),
    ("it", "il lo la i gli le di del della dei delle degli dello da dal dalla in nel nella con su sul sulla per un uno una e è che non si al alla ai alle come più ma anche sono ha o se questo questa ed essere hanno io ci mi loro suo sua stato tra fra quando molto perché era dopo due fatto cui ancora tutto tutti solo prima senza chi c'è dell'anno nell' così già anni ogni"),
    ("pt", "o a os as de do da dos das em no na nos nas um uma e é que não se por para com ao aos à às mais como mas foi ele ela são tem ser está seu sua seus suas ou quando muito também já só pelo pela pelos pelas até isso entre era depois sem mesmo há você sobre esta este essa esse num numa nem ter foram ainda onde anos eu nós lhe bem assim me meu minha estão dois fazer pode"),
    ("nl", "de het een en van in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit nog naar door over ze hij wij worden wordt werd heeft hebben had kan deze dit die meer geen wel tot we ik je mijn zich hun na zo al veel waar was zou moet onze u haar onder tegen omdat wat toen twee jaar andere hoe nu heb bent zeer gaan"),
    ("ca", "el la els les de del dels i que en un una és per amb no es al als a se ha més com però va són aquest aquesta aquests seva seu seus ser hi ho també quan molt sense entre fins tot tots on ja si han o perquè des sobre després dos cada li van estat fer té d'un d'una l'any pel pels qual això meva teva nostra què era havia anys ni així encara altres"),
    ("da", "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være dog noget ville jo deres efter ned skulle denne end dette mit også under have dig anden hende mine alt meget sit sine vor mod disse hvis nogle hos blive mange ad bliver blevet været kun få år uden"),
    ("nb", "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men har om vi min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv sjøl her alle vil bli ble blei blitt kunne inn når være kom noen noe ville dere deres kun ja etter ned skulle denne for deg si sine sitt mot å meget hvorfor dette disse uten hvordan ingen din ditt blir samme hvilken sånn mellom vår hver hvem hvis bare fordi før mange også slik vært begge siden mer etter år"),
    ("sv", "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan man när år säger hon under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan över bara in blir upp även vad får två vill ha många hur mer går sverige kunde blev detta dem denna vilket någon vår"),
    ("fi", "ja on ei se että oli ovat joka mutta myös kun tai hän olla niin kuin sen ole jos jo nyt mitä ne minä sitä vain siitä tämä tämän ollut mukaan jotka vielä kanssa olisi sekä sitten vuoden kaikki mikä voi jälkeen vuonna hänen ennen aikana mielestä tänä he siinä mukana paljon olen tulee joita mutta jonka pitää niitä heidän enemmän kuitenkin ovat eivät hyvin mm eli onko"),
    ("pl", "i w na z że się nie to do jest o jak po co ale tak za od jego dla był być przez czy ten tego już są oraz tym ze może które który która by było ich tylko jej też bardzo przed ma także lub bez pod nad ja mnie jeszcze kiedy gdy jako będzie można te tej roku aby lat przy więc nawet sobie nas został została tych którzy my wszystko"),
    ("cs", "a v na se je že s z do o k i ale jako za by po ve jsem to pro jsou si tak podle od jeho které který která bylo byl být ze ještě už co aby při nebo až také není mezi jak byla má před pak přes tím toho své než jen však roku kde bude jejich nás vám není ho proto mu ten bez více může let tento také tomu jsme ty"),
    ("hr", "i u je na se da za su od s o a koji koja koje što kao nije iz će do ali samo to bi ne po sve te još bio bilo bila kako biti ili već smo sam nakon godine prema može tako kad li između nego jer svoje zbog više tijekom hrvatske uz ako ono mu pa nisu nije kod bez oko ovaj ova tog toga ih njih gdje imaju budu"),
    ("hu", "a az és hogy nem is egy ez meg de volt csak mint el ha már azt még vagy ezt lehet van kell én sem most után fel ki minden mert nagy be aki amely ami pedig akkor lesz olyan szerint ember így le között több itt két mely csak magyar igen voltak vannak azonban ezek mindig nagyon aztán majd hozzá kellene során ahogy való miatt által illetve"),
    ("ro", "și în de la cu a pe nu că o se din care este un mai pentru să au fost ale al sau ce le lui ca dar după prin sunt i fi când ar s-a fără acest această acestea între foarte toate doar numai despre avea noi ei ea el îi nici până cum eu mă am ai lor dacă unui unei anul cele cel cea către astfel poate aceasta asupra trebuie își mult"),
    ("tr", "ve bir bu da de için ile çok olarak daha ne o gibi olan kadar var ama sonra ben her en mi ya ise değil ki diye şey şu iki olduğunu oldu nasıl yok biz ancak göre bana zaman sen kendi bile bütün içinde onun önce yeni böyle olduğu tarafından büyük hiç ediyor mı olur ise yıl arasında eden bunu ilk şekilde üzerinde sadece hem sayın dedi"),
    ("sk", "a v na sa je že s z do o k i ale ako za by po vo som to pre sú si tak podľa od jeho ktorý ktorá ktoré bolo bol byť zo ešte už čo aby pri alebo až aj tiež nie medzi bola má pred však cez tým toho svoje než len roku kde bude ich nás vám ho preto mu ten bez viac môže nech tento sme ste keď iba keďže ktorí môj vaša naša mali máte prosím ďakujem dobrý deň"),
    ("sl", "in je na se da za so od s o bi ki kot pa tudi ne po še že bil bila bilo biti ali več smo sem leta lahko tako med vse zaradi iz ter kaj če kar ko pri do le bo bodo v ta to ga jih jo mu njegov njihov kako samo pred proti brez zelo tem tega svoje svoj imajo ima imate imamo nas vas vam kje kdaj bomo kjer nato prav zdaj torej vendar"),
    ("et", "ja on ei et see oli kui ka aga või mis oma ta tema nad kes seda nii siis veel välja üle juba kõik ainult mitte ole olla pole selle pärast ning saab sai ma me te meie teie minu sinu eesti aasta aastal kus kas väga peab enne koos siin seal nende need tuleb võib oleks olnud kuid ennast tehes poolt vastu hea palun tere"),
    ("lv", "un ir no ar uz par ka kas tas tā bija kā arī bet vai pie lai pēc nav ne to viņš viņa viņi mēs es jūs mūsu jūsu savu tikai vēl jau pa pirms kad kur ļoti gada gadā būs var tiek šis šī šo līdz jo starp caur bez tiem viņu viņam ko tad nekā pret kuri kura kas tie tās visi lūdzu labdien paldies"),
    ("lt", "ir yra kad į iš su tai buvo ne jis ji jie mes aš jūs apie po už nuo bet ar kaip taip dar tik jau kuris kuri kurie šis ši tas ta tą savo jo jos jų prie per dėl iki bus gali metų metais labai kai jei nėra nes jau mūsų jūsų kur kiek todėl arba net prieš buvę būti jog visi prašau ačiū"),
    ("is", "og að er í á það sem til við um með en ekki var af hann hún þau þeir við ég þú fyrir þá svo eða hefur hafa voru verið eru frá eftir þegar upp út þetta þessi sig sér þar hér mjög bara líka yfir allt öll hvað hvernig kvöld ef úr því þess sín sinn"),
    ("id", "yang dan di dari untuk dengan pada ini itu tidak ke dalam adalah akan oleh juga atau saya kami kita anda mereka dia bisa sudah telah ada karena sebagai lebih tersebut dapat seperti bahwa namun hanya saat setelah sebelum apakah kamar apa belum jika masih lagi banyak semua hari tahun para orang kepada tetapi hingga serta"),
    ("sq", "të e në dhe për me një që nga është i se ka si do nuk u më kjo këtë ky kur nëse por duke janë ishte pas mund jam jemi kemi keni tek deri edhe ose shumë tani vetëm ju ne kam duhet"),
    ("eu", "eta da du bat ez dira dut dute izan zen baina ere egin den bai nola zer hau hori gara duzue dugu baino beste edo horren zuen dituzte bere hori oso gure nire bezala izango egiten dago ditu zuzen eskerrik kaixo"),
];

/// Letters that one of our Latin languages has to itself.
#[rustfmt::skip]
const LETTERS: &[(&str, &[char])] = &[
    ("hu", &['ő', 'ű']),
    ("cs", &['ř', 'ů', 'ě']),
    ("pl", &['ł', 'ś', 'ź', 'ż', 'ń']),
    ("ro", &['ț', 'ţ', 'ș', 'ă']),
    ("tr", &['ğ', 'ı']),
    ("de", &['ß']),
    ("es", &['ñ', '¿', '¡']),
    ("pt", &['ã']),
    ("hr", &['đ']),
    ("sk", &['ľ', 'ĺ', 'ŕ', 'ô']),
    ("et", &['õ']),
    ("lv", &['ā', 'ē', 'ī', 'ķ', 'ļ', 'ņ', 'ģ']),
    ("lt", &['ė', 'ų', 'į']),
];

/// A letter of its own weighs as a word of its own, up to so many.
const MOST_LETTERS: usize = 3;

/// One bit a language of `WORDS`.
type Tongues = u32;

fn index() -> &'static HashMap<&'static str, Tongues> {
    static INDEX: OnceLock<HashMap<&'static str, Tongues>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index: HashMap<&'static str, Tongues> = HashMap::new();
        for (row, (_, words)) in WORDS.iter().enumerate() {
            for word in words.split(' ') {
                *index.entry(word).or_default() |= 1 << row;
            }
        }
        index
    })
}

/// How strongly the little words speak, and for which language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vote {
    pub best: Language,
    /// Distinctive words for the best language, and for the runner-up.
    pub score: f32,
    pub second: f32,
    /// Distinctive words for the best language that is no relative of it.
    pub stranger: f32,
}

/// Counts the little words of a text in lower case; `None` when there are none.
pub(super) fn vote(lower: &str) -> Option<Vote> {
    let mut scores = [0.0_f32; WORDS.len()];
    let words = lower.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’' && c != '-');
    for word in words.filter(|word| !word.is_empty()) {
        let Some(&tongues) = index().get(word) else {
            continue;
        };
        let share = 1.0 / tongues.count_ones() as f32;
        for (row, score) in scores.iter_mut().enumerate() {
            if tongues & (1 << row) != 0 {
                *score += share;
            }
        }
    }
    for (language, letters) in LETTERS {
        let row = WORDS.iter().position(|(code, _)| code == language);
        let score = &mut scores[row.expect("every language of LETTERS has a row in WORDS")];
        // Alone a letter proves nothing: wrongly decoded mail is full of them.
        if *score > 0.0 {
            *score +=
                lower.chars().filter(|c| letters.contains(c)).take(MOST_LETTERS).count() as f32;
        }
    }
    let (row, score) = scores.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let best = Language::of(WORDS[row].0);
    let family = Family::of(best);
    scores[row] = 0.0;
    let strangers = scores
        .iter()
        .zip(WORDS)
        .filter(|(_, (code, _))| family.is_none() || Family::of(Language::of(code)) != family);
    let stranger = strangers.map(|(score, _)| *score).fold(0.0, f32::max);
    let second = scores.iter().copied().fold(0.0, f32::max);
    (score > 0.0).then_some(Vote { best, score, second, stranger })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_words_name_the_language() {
        for (text, expected) in [
            ("we would like to know if there is a room", Some("en")),
            ("nous avons une question sur votre chambre", Some("fr")),
            ("não temos a certeza, mas pode ser depois das dez", Some("pt")),
            ("wij hebben een vraag over de kamer", Some("nl")),
            ("xyzzy plugh", None),
        ] {
            let best = vote(text).map(|vote| vote.best.to_string());
            assert_eq!(best.as_deref(), expected, "{text}");
        }
    }
}
